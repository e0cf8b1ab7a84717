using System.Text.Json.Serialization;

namespace Sandbox.Calls;

/// <summary>A fault that the next <paramref name="Times"/> calls have. Provider and operation may be "*".</summary>
/// <param name="DelayMs">Waited before anything else.</param>
/// <param name="AfterEffect">Only with http_500: the call takes effect first, and the provider remembers the 500 as its answer.</param>
internal sealed record Fault(string Provider, string Operation, FaultKind Kind, int Times, int DelayMs, bool AfterEffect)
{
    public bool Concerns(string provider, string operation) =>
        Provider is "*" || Provider == provider ? Operation is "*" || Operation == operation : false;
}

[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>No effect, and no answer until the client goes away.</summary>
    [JsonStringEnumMemberName("timeout_before")] TimeoutBefore,

    /// <summary>Takes effect, and gives no answer until the client goes away.</summary>
    [JsonStringEnumMemberName("timeout_after")] TimeoutAfter,

    [JsonStringEnumMemberName("http_500")] Http500,

    [JsonStringEnumMemberName("http_429")] Http429,

    /// <summary>The usual answer, late.</summary>
    [JsonStringEnumMemberName("slow")] Slow,

    /// <summary>Takes effect, and answers 200 with JSON that breaks off.</summary>
    [JsonStringEnumMemberName("malformed")] Malformed,

    /// <summary>No effect; the connection is reset.</summary>
    [JsonStringEnumMemberName("connection_reset")] ConnectionReset,
}
