using System.Text.Json;

namespace LocalHost.Engine;

/// <summary>
/// JSON as the Durable Task SDK writes it: by <em>runtime</em> type (so a discriminator of a base type is lost, as in production),
/// names as declared, enums as numbers; reading is case-insensitive and otherwise strict.
/// </summary>
public static class DurableJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static string Serialize(object? value) => value is null ? "null" : JsonSerializer.Serialize(value, value.GetType(), Options);

    /// <summary>Null gives the type's default, also for value types: an activity without a result, read as an int, is 0.</summary>
    public static T? Deserialize<T>(string? json) => json is null or "null" ? default : JsonSerializer.Deserialize<T>(json, Options);

    public static object? Deserialize(string? json, Type type) => json is null ? null : JsonSerializer.Deserialize(json, type, Options);
}
