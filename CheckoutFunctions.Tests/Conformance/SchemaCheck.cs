using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Conformance;

/// <summary>
/// A value against a JSON schema as the descriptions use them: types, required, enums, lengths, formats of numbers, and one-of-several. References are
/// looked up in <paramref name="root"/>: <c>#/components/schemas/X</c>, or the bare names of Google's discovery documents.
/// </summary>
internal sealed class SchemaCheck(JsonElement root)
{
    /// <summary>What a type doesn't know is wrong: for requests. An answer may have more.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Values come as text, as forms and queries have them.</summary>
    public bool IsText { get; init; }

    /// <summary>Properties that are required may be missing: of a type that is described by samples of another call.</summary>
    public bool AllowsMissing { get; init; }

    /// <summary>A line for each thing that doesn't fit, with its place.</summary>
    public IReadOnlyList<string> Of(JsonElement schema, JsonElement value, string path = "$") => [.. Check(schema, value, path)];

    private IEnumerable<string> Check(JsonElement schema, JsonElement value, string path)
    {
        schema = Resolve(schema);
        if (value.ValueKind == JsonValueKind.Null)
            return AllowsNull(schema) ? [] : [$"{path} is null"];
        if (Has(schema, "allOf", out _))
            return AllOf(schema, value, path);
        if (Has(schema, "oneOf", out var branches) || Has(schema, "anyOf", out branches))
        {
            // Of several that don't fit, the one that is at least of its type tells more.
            return branches.EnumerateArray().Select(branch => Of(branch, value, path))
                .OrderBy(found => found.Count == 0 ? 0 : found[0].StartsWith(path + " ", StringComparison.Ordinal) ? 2 : 1).ThenBy(found => found.Count).First();
        }

        return [.. Kind(schema, value, path), .. Words(schema, value, path), .. Parts(schema, value, path)];
    }

    /// <summary>The properties of all, which none of them knows alone.</summary>
    private IEnumerable<string> AllOf(JsonElement schema, JsonElement value, string path)
    {
        var open = new SchemaCheck(root) { IsText = IsText, AllowsMissing = AllowsMissing };
        foreach (var part in Flatten(schema))
        {
            foreach (var violation in open.Check(part, value, path))
                yield return violation;
        }

        if (!IsClosed || value.ValueKind != JsonValueKind.Object)
            yield break;
        var known = Flatten(schema).SelectMany(part => Has(part, "properties", out var properties) ? properties.EnumerateObject().ToList() : [])
            .GroupBy(property => property.Name).ToDictionary(group => group.Key, group => group.First().Value);
        foreach (var property in value.EnumerateObject())
        {
            foreach (var violation in known.TryGetValue(property.Name, out var type) ? Check(type, property.Value, $"{path}.{property.Name}") : [$"{path}.{property.Name} is unknown"])
                yield return violation;
        }
    }

    private IEnumerable<JsonElement> Flatten(JsonElement schema)
    {
        schema = Resolve(schema);
        return Has(schema, "allOf", out var parts)
            ? parts.EnumerateArray().SelectMany(Flatten).Append(JsonElement.Parse(schema.EnumerateObject().Any(property => property.Name == "properties")
                ? $$"""{ "properties": {{schema.GetProperty("properties").GetRawText()}} }"""
                : "{}"))
            : [schema];
    }

    private IEnumerable<string> Kind(JsonElement schema, JsonElement value, string path)
    {
        var types = TypesOf(schema);
        if (types.Count > 0 && !types.Any(type => Is(type, schema, value)))
            yield return $"{path} is {Shown(value)}, not of type {string.Join(" or ", types)}";
    }

    private IEnumerable<string> Words(JsonElement schema, JsonElement value, string path)
    {
        if (Has(schema, "const", out var only) && only.ToString() != value.ToString())
            yield return $"{path} is {Shown(value)}, not {only}";
        if (Has(schema, "enum", out var words) && words.EnumerateArray().All(word => word.ToString() != value.ToString()))
            yield return $"{path} is {Shown(value)}, none of its words";
        if (value.ValueKind == JsonValueKind.String)
        {
            var text = value.GetString()!;
            if (Has(schema, "maxLength", out var most) && text.Length > most.GetInt32())
                yield return $"{path} is longer than {most}";
            if (Has(schema, "minLength", out var least) && text.Length < least.GetInt32())
                yield return $"{path} is shorter than {least}";
            if (Has(schema, "pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!))
                yield return $"{path} doesn't look like {pattern}";
        }

        if (value.ValueKind == JsonValueKind.Number && Has(schema, "maximum", out var maximum) && value.GetDecimal() > maximum.GetDecimal())
            yield return $"{path} is more than {maximum}";
    }

    private IEnumerable<string> Parts(JsonElement schema, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array && Has(schema, "items", out var items))
            return value.EnumerateArray().SelectMany((item, index) => Check(items, item, $"{path}[{index}]"));
        if (value.ValueKind != JsonValueKind.Object)
            return [];

        Has(schema, "properties", out var properties);
        Has(schema, "additionalProperties", out var others);
        var missing = !AllowsMissing && Has(schema, "required", out var required) && required.ValueKind == JsonValueKind.Array
            ? required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path}.{name} is missing")
            : [];
        return missing.Concat(value.EnumerateObject().SelectMany(property =>
            properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(property.Name, out var known) ? Check(known, property.Value, $"{path}.{property.Name}")
            : others.ValueKind == JsonValueKind.Object ? Check(others, property.Value, $"{path}.{property.Name}")
            : IsClosed && properties.ValueKind == JsonValueKind.Object ? [$"{path}.{property.Name} is unknown"]
            : []));
    }

    private bool Is(string type, JsonElement schema, JsonElement value) => (type, value.ValueKind) switch
    {
        ("any", _) => true,
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("string", JsonValueKind.String) => !Has(schema, "format", out var format) || format.GetString() is not ("date" or "date-time") || IsDate(value.GetString()!),
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value.GetDecimal() == decimal.Truncate(value.GetDecimal()),
        ("integer", JsonValueKind.String) when IsText => long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ("number", JsonValueKind.String) when IsText => decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        ("boolean", JsonValueKind.String) when IsText => value.GetString() is "true" or "false",
        _ => false,
    };

    private bool AllowsNull(JsonElement schema) =>
        (Has(schema, "nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True)
        || TypesOf(schema) is { Count: > 0 } types && types.Contains("null")
        || ((Has(schema, "anyOf", out var branches) || Has(schema, "oneOf", out branches)) && branches.EnumerateArray().Any(branch => AllowsNull(Resolve(branch))))
        || !Has(schema, "type", out _) && !Has(schema, "anyOf", out _) && !Has(schema, "oneOf", out _) && !Has(schema, "allOf", out _);

    private JsonElement Resolve(JsonElement schema)
    {
        while (Has(schema, "$ref", out var reference))
        {
            var name = reference.GetString()!;
            schema = name.StartsWith("#/", StringComparison.Ordinal)
                ? name[2..].Split('/').Aggregate(root, (at, part) => at.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal)))
                : root.GetProperty("schemas").GetProperty(name);
        }

        return schema;
    }

    private static IReadOnlyList<string> TypesOf(JsonElement schema) => !Has(schema, "type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)]
        : [type.GetString()!];

    private static bool IsDate(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static bool Has(JsonElement schema, string name, out JsonElement value)
    {
        value = default;
        return schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out value);
    }

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();
}
