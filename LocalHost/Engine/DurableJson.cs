using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LocalHost.Engine;

/// <summary>
/// JSON as the Durable Task SDK writes it: by <em>runtime</em> type (so a discriminator of a base type is lost, as in production),
/// names as declared, enums as numbers; reading is case-insensitive and otherwise strict.
/// </summary>
public static class DurableJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly JsonSerializerOptions Unescaped = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static string Serialize(object? value) => Serialize(value, Options);

    /// <summary>As the host and the activities' worker write it: without escapes where JSON needs none.</summary>
    public static string SerializeUnescaped(object? value) => Serialize(value, Unescaped);

    /// <summary>Null gives the type's default, also for value types: an activity without a result, read as an int, is 0.</summary>
    public static T? Deserialize<T>(string? json) => json is null or "null" ? default : JsonSerializer.Deserialize<T>(json, Options);

    public static object? Deserialize(string? json, Type type) => json is null ? null : JsonSerializer.Deserialize(json, type, Options);

    private static string Serialize(object? value, JsonSerializerOptions options)
    {
        if (value is null)
            return "null";

        var type = options.GetTypeInfo(value.GetType());
        if (type.PolymorphismOptions is not { } polymorphism)
            return JsonSerializer.Serialize(value, type);

        // A type that is the base of its own hierarchy: in production its discriminator is lost too.
        var json = JsonSerializer.SerializeToNode(value, type)!.AsObject();
        json.Remove(polymorphism.TypeDiscriminatorPropertyName);
        return json.ToJsonString(options);
    }
}
