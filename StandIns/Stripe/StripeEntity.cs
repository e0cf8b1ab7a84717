#nullable disable

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe;

public interface IStripeEntity
{
    StripeResponse StripeResponse { get; set; }
}

public interface IHasId
{
    string Id { get; set; }
}

public abstract class StripeEntity : IStripeEntity
{
    /// <summary>The response that held this object; null for an object inside another.</summary>
    [JsonIgnore]
    public StripeResponse StripeResponse { get; set; }
}

/// <summary>Stripe's times are seconds since 1970.</summary>
internal sealed class UnixDateTimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => DateTime.UnixEpoch.AddSeconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(new DateTimeOffset(value.ToUniversalTime()).ToUnixTimeSeconds());
}

/// <summary>Stripe sends an id, or the whole object where the request says <c>expand</c>.</summary>
internal sealed record ExpandableField<T>(string Id, T ExpandedObject)
    where T : class, IHasId;

internal sealed class ExpandableFieldConverter<T> : JsonConverter<ExpandableField<T>>
    where T : class, IHasId
{
    public override ExpandableField<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new(reader.GetString(), null);

        var expanded = JsonSerializer.Deserialize<T>(ref reader, options);
        return new(expanded.Id, expanded);
    }

    public override void Write(Utf8JsonWriter writer, ExpandableField<T> value, JsonSerializerOptions options)
    {
        if (value.ExpandedObject is null)
            writer.WriteStringValue(value.Id);
        else
            JsonSerializer.Serialize(writer, value.ExpandedObject, options);
    }
}
