using System.Text.Json;
using LocalHost.QueueTriggers;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Functions;

/// <summary>What one invocation was triggered with: its source, and the values that parameters bind to by name.</summary>
internal sealed class TriggerInput
{
    private TriggerInput(IReadOnlyDictionary<string, object?> values) => Values = values;

    /// <summary>Route and query values, a message's properties, an activity input's members. Names are case-insensitive.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; }

    public HttpContext? Http { get; private init; }

    public byte[]? Body { get; private init; }

    public TaskOrchestrationContext? Orchestration { get; private init; }

    /// <summary>An activity's input or a timer as JSON, or a queue message's body.</summary>
    public string? Text { get; private init; }

    /// <param name="body">Where a parameter binds it.</param>
    public static TriggerInput Of(HttpContext http, byte[]? body = null)
    {
        var values = NewValues();
        foreach (var (name, value) in http.Request.Query)
            values[name] = value.ToString();
        // A catch-all that matched nothing is an empty path.
        foreach (var (name, value) in http.Request.RouteValues)
            values[name] = value ?? string.Empty;
        return new(values) { Http = http, Body = body };
    }

    public static TriggerInput Of(TaskOrchestrationContext orchestration) => new(NewValues()) { Orchestration = orchestration };

    public static TriggerInput OfActivity(string instanceId, string? inputJson)
    {
        var values = NewValues();
        if (inputJson is not null && inputJson.AsSpan().TrimStart().StartsWith("{"))
        {
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(inputJson)!)
                values[name] = value;
        }

        values["instanceId"] = instanceId;
        return new(values) { Text = inputJson };
    }

    public static TriggerInput Of(QueueMessage message)
    {
        var values = NewValues();
        values["id"] = message.Id;
        values["dequeueCount"] = message.DequeueCount;
        return new(values) { Text = message.Body };
    }

    public static TriggerInput OfTimer(string json) => new(NewValues()) { Text = json };

    private static Dictionary<string, object?> NewValues() => new(StringComparer.OrdinalIgnoreCase);
}
