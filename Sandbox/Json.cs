using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox;

/// <summary>Reads what clients sent without trusting its shape: anything of another type counts as absent.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The object in a request's body, or null when that isn't one JSON object.</summary>
    public static async Task<JsonObject?> Read(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, cancellationToken: cancellation) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonObject? Object(this JsonObject? from, string name) => from?[name] as JsonObject;

    public static JsonArray? Array(this JsonObject? from, string name) => from?[name] as JsonArray;

    /// <summary>A text that isn't blank.</summary>
    public static string? Text(this JsonObject? from, string name) =>
        from?[name] is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>A number, or a text that spells one: several providers take both.</summary>
    public static decimal? Number(this JsonObject? from, string name)
    {
        if (from?[name] is not JsonValue value)
            return null;
        if (value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<decimal>(out var number))
            return number;
        return value.TryGetValue<string>(out var text)
            && decimal.TryParse(text, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out number)
            ? number
            : null;
    }

    /// <summary>A number as JSON libraries with decimals write it: 10 is written 10.0, and 0.0950 as 0.095.</summary>
    public static JsonNode Decimal(decimal value) => JsonValue.Create((value / 1.0000000000000000000000m) + 0.0m);

    public static bool Has(this JsonObject? from, string name) => from?[name] is not null;
}
