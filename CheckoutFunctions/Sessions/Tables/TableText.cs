using System.Globalization;

namespace CheckoutFunctions.Sessions;

/// <summary>A text over as many properties as it needs: one holds at most 64 KiB, which is 32,768 characters of UTF-16, and a whole entity 1 MiB.</summary>
internal static class TableText
{
    private const int PartLength = 32_000;

    /// <summary>Leaves room for the entity's other properties and the names.</summary>
    private const int MostParts = 14;

    public static void Set(this TableEntity entity, string name, string text)
    {
        var parts = Parts(text).ToList();
        if (parts.Count > MostParts)
            throw new InvalidOperationException($"The {name} of checkout {entity.PartitionKey} has {text.Length} characters, more than a table's entity holds.");

        entity[$"{name}Parts"] = parts.Count;
        for (var part = 0; part < parts.Count; part++)
            entity[NameOf(name, part)] = parts[part];
    }

    public static string Text(this TableEntity entity, string name) =>
        string.Concat(Enumerable.Range(0, entity.GetInt32($"{name}Parts") ?? 0).Select(part => entity.GetString(NameOf(name, part))));

    private static string NameOf(string name, int part) => name + part.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Parts(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + PartLength, text.Length);
            // Half of a character can't be stored.
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
                end--;
            yield return text[start..end];
            start = end;
        }
    }
}
