using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LocalHost.Engine;

/// <summary>
/// An activity's input as it arrives there. On its way the Functions host reads it and writes it anew: escapes go, and a number with a
/// fraction has been a double, so that 10.50 arrives as 10.5.
/// </summary>
internal static class ActivityInput
{
    private static readonly SearchValues<char> Rewritten = SearchValues.Create(".\\");

    public static string? ArrivalOf(string? json)
    {
        // What holds neither a fraction nor an escape comes out as it went in.
        if (json is null || json.AsSpan().IndexOfAny(Rewritten) < 0)
            return json;

        var written = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(written, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            while (reader.Read())
                Copy(ref reader, writer);
        }

        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static void Copy(ref Utf8JsonReader from, Utf8JsonWriter to)
    {
        switch (from.TokenType)
        {
            case JsonTokenType.StartObject:
                to.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                to.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                to.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                to.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                to.WritePropertyName(from.GetString()!);
                break;
            case JsonTokenType.String:
                to.WriteStringValue(from.GetString());
                break;
            case JsonTokenType.Number:
                to.WriteRawValue(Number(Encoding.UTF8.GetString(from.ValueSpan)));
                break;
            default:
                to.WriteRawValue(from.ValueSpan);
                break;
        }
    }

    private static string Number(string written)
    {
        if (!written.Contains('.', StringComparison.Ordinal))
            return written;

        var number = double.Parse(written, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            return written;

        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
