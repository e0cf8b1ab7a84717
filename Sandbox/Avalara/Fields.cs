using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Avalara;

/// <summary>Reads fields as AvaTax's description has them: names in any case, a type each, and how long a text may be.</summary>
internal static class Fields
{
    public static JsonNode? Any(this JsonObject body, string name) =>
        body.FirstOrDefault(field => string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>A text; a number counts as one. Null when absent or empty.</summary>
    public static string? Text(this JsonObject body, string name, int longest, string path = "")
    {
        if (body.Any(name) is not { } node)
            return null;
        if (node is not JsonValue value || value.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number))
            throw AvalaraRefusal.Malformed(path + name, "a text");
        var text = value.ToString();
        return text.Length > longest ? throw AvalaraRefusal.TooLong(path + name, longest) : text.Length == 0 ? null : text;
    }

    public static string Required(this JsonObject body, string name, int longest, string path = "") =>
        body.Text(name, longest, path) ?? throw AvalaraRefusal.Missing(path + name);

    /// <summary>A number, or a text that spells one.</summary>
    public static decimal? Number(this JsonObject body, string name, string path)
    {
        if (body.Any(name) is not { } node)
            return null;
        if (node is JsonValue value && (value.GetValueKind() == JsonValueKind.Number ? value.TryGetValue<decimal>(out var number)
            : decimal.TryParse(value.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture, out number)))
            return number;
        throw AvalaraRefusal.Malformed(path + name, "a number");
    }

    public static bool Flag(this JsonObject body, string name, string path = "") => body.Any(name) is { } node && (node.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw AvalaraRefusal.Malformed(path + name, "true or false"),
    });

    public static string OneOf(this JsonObject body, string name, string missing, string[] known, string path = "") =>
        body.Text(name, 50, path) is not { } value ? missing
        : Array.Find(known, one => string.Equals(one, value, StringComparison.OrdinalIgnoreCase)) ?? throw AvalaraRefusal.Unknown(path + name, value);

    public static string? Date(this JsonObject body, string name, string path = "") => body.Text(name, 50, path) is not { } text ? null
        : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var date) ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : throw AvalaraRefusal.Malformed(path + name, "a date");

    public static JsonObject? Part(this JsonObject body, string name, string path = "") => body.Any(name) switch
    {
        null => null,
        JsonObject part => part,
        _ => throw AvalaraRefusal.Malformed(path + name, "an object"),
    };
}
