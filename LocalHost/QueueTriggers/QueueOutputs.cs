using System.Text.Json;

namespace LocalHost.QueueTriggers;

/// <summary><c>[QueueOutput]</c>: a string goes as it is, an object as JSON, an array one message each, null not at all.</summary>
internal sealed class QueueOutputs(QueueStore queues, HostJson host)
{
    // As the Functions worker writes it: indented, names as declared, enums as numbers.
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    private readonly MessageEncoding encoding = MessageEncoding.Of(host);

    public void Append(string queue, object? value)
    {
        if (Bodies(value).Select(encoding.Encode).ToList() is { Count: > 0 } bodies)
            queues.Add(queue, bodies);
    }

    private static IEnumerable<string> Bodies(object? value)
    {
        if (value is null or string)
            return value is string text ? [text] : [];

        var json = JsonSerializer.SerializeToElement(value, value.GetType(), Options);
        return json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().SelectMany(Bodies) : Bodies(json);
    }

    private static IEnumerable<string> Bodies(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.String => [json.GetString()!],
        _ => [JsonSerializer.Serialize(json, Options)],
    };
}
