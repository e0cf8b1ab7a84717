using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalHost.Engine;

/// <summary>
/// One entry of an instance's history, and also one message in its inbox (new events). The names are the Durable Task extension's.
/// Stored as JSON: a field is never renamed.
/// </summary>
[JsonDerivedType(typeof(OrchestratorStarted), nameof(OrchestratorStarted))]
[JsonDerivedType(typeof(ExecutionStarted), nameof(ExecutionStarted))]
[JsonDerivedType(typeof(ExecutionCompleted), nameof(ExecutionCompleted))]
[JsonDerivedType(typeof(ExecutionTerminated), nameof(ExecutionTerminated))]
[JsonDerivedType(typeof(ExecutionSuspended), nameof(ExecutionSuspended))]
[JsonDerivedType(typeof(ExecutionResumed), nameof(ExecutionResumed))]
[JsonDerivedType(typeof(EventRaised), nameof(EventRaised))]
[JsonDerivedType(typeof(EventSent), nameof(EventSent))]
[JsonDerivedType(typeof(TaskScheduled), nameof(TaskScheduled))]
[JsonDerivedType(typeof(TaskCompleted), nameof(TaskCompleted))]
[JsonDerivedType(typeof(TaskFailed), nameof(TaskFailed))]
[JsonDerivedType(typeof(TimerCreated), nameof(TimerCreated))]
[JsonDerivedType(typeof(TimerFired), nameof(TimerFired))]
[JsonDerivedType(typeof(SubOrchestrationInstanceCreated), nameof(SubOrchestrationInstanceCreated))]
[JsonDerivedType(typeof(SubOrchestrationInstanceCompleted), nameof(SubOrchestrationInstanceCompleted))]
[JsonDerivedType(typeof(SubOrchestrationInstanceFailed), nameof(SubOrchestrationInstanceFailed))]
[JsonDerivedType(typeof(GenericEvent), nameof(GenericEvent))]
public abstract record HistoryEvent(DateTimeOffset Timestamp)
{
    // Payloads are JSON inside JSON: the default encoder would write each of their quotes as six characters.
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    public static HistoryEvent Parse(string json) =>
        JsonSerializer.Deserialize<HistoryEvent>(json, Options) ?? throw new JsonException("A history event is null.");
}

/// <summary>A turn began: its timestamp is what CurrentUtcDateTime says from here on.</summary>
public sealed record OrchestratorStarted(DateTimeOffset Timestamp) : HistoryEvent(Timestamp);

public sealed record ExecutionStarted(DateTimeOffset Timestamp, string Name, string? Input) : HistoryEvent(Timestamp)
{
    /// <summary>Null: at once.</summary>
    public DateTimeOffset? ScheduledStartTime { get; init; }

    /// <summary>How often the instance has continued as new.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Generation { get; init; }
}

public sealed record ExecutionCompleted(DateTimeOffset Timestamp, OrchestrationRuntimeStatus Status, string? Result) : HistoryEvent(Timestamp);

public sealed record ExecutionTerminated(DateTimeOffset Timestamp, string? Output) : HistoryEvent(Timestamp);

public sealed record ExecutionSuspended(DateTimeOffset Timestamp, string? Reason) : HistoryEvent(Timestamp);

public sealed record ExecutionResumed(DateTimeOffset Timestamp, string? Reason) : HistoryEvent(Timestamp);

public sealed record EventRaised(DateTimeOffset Timestamp, string Name, string? Input) : HistoryEvent(Timestamp);

/// <summary>A remark that no code sees: what stands where a rewind took something out of the history.</summary>
public sealed record GenericEvent(DateTimeOffset Timestamp, string Data) : HistoryEvent(Timestamp);

/// <summary>What the code asked for, numbered in the order of asking.</summary>
public abstract record ScheduledEvent(DateTimeOffset Timestamp, int EventId) : HistoryEvent(Timestamp);

public sealed record TaskScheduled(DateTimeOffset Timestamp, int EventId, string Name, string? Input) : ScheduledEvent(Timestamp, EventId);

public sealed record TimerCreated(DateTimeOffset Timestamp, int EventId, DateTimeOffset FireAt) : ScheduledEvent(Timestamp, EventId);

public sealed record SubOrchestrationInstanceCreated(DateTimeOffset Timestamp, int EventId, string Name, string InstanceId, string? Input)
    : ScheduledEvent(Timestamp, EventId)
{
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public string? Version { get; init; }
}

public sealed record EventSent(DateTimeOffset Timestamp, int EventId, string InstanceId, string Name, string? Input) : ScheduledEvent(Timestamp, EventId);

/// <summary>The answer to the scheduled event of that number.</summary>
public abstract record CompletionEvent(DateTimeOffset Timestamp, int TaskScheduledId) : HistoryEvent(Timestamp);

public sealed record TaskCompleted(DateTimeOffset Timestamp, int TaskScheduledId, string? Result) : CompletionEvent(Timestamp, TaskScheduledId);

public sealed record TaskFailed(DateTimeOffset Timestamp, int TaskScheduledId, Failure Failure) : CompletionEvent(Timestamp, TaskScheduledId);

public sealed record TimerFired(DateTimeOffset Timestamp, int TaskScheduledId, DateTimeOffset FireAt) : CompletionEvent(Timestamp, TaskScheduledId);

public sealed record SubOrchestrationInstanceCompleted(DateTimeOffset Timestamp, int TaskScheduledId, string? Result)
    : CompletionEvent(Timestamp, TaskScheduledId);

public sealed record SubOrchestrationInstanceFailed(DateTimeOffset Timestamp, int TaskScheduledId, Failure Failure)
    : CompletionEvent(Timestamp, TaskScheduledId);
