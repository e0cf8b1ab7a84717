using LocalHost.Storage;

namespace LocalHost.Engine.Replay;

/// <summary>What a turn starts from: the instance and its visible new events in order of arrival. Its history is read only by who has to replay it.</summary>
public sealed record Turn(Instance Instance, IReadOnlyList<NewEvent> NewEvents);

/// <summary>A message in an instance's inbox.</summary>
public sealed record NewEvent(long Id, HistoryEvent Event);

/// <summary>What a turn comes to. The store takes all of it or nothing.</summary>
public sealed record TurnResult(Turn Turn, DateTimeOffset At, OrchestrationRuntimeStatus Status)
{
    public string? Output { get; init; }

    /// <summary>Null leaves it as it was.</summary>
    public string? CustomStatus { get; init; }

    public required IReadOnlyList<HistoryEvent> NewHistory { get; init; }

    public IReadOnlyList<TaskScheduled> Activities { get; init; } = [];

    public IReadOnlyList<OutgoingMessage> Messages { get; init; } = [];

    public IReadOnlyList<NewInstance> Children { get; init; } = [];

    /// <summary>Timers of earlier turns that the code cancelled: their messages are taken back.</summary>
    public IReadOnlyList<int> CancelledTimers { get; init; } = [];

    public NextGeneration? ContinuedAsNew { get; init; }

    public bool IsFinished => Status.IsFinished();
}

/// <summary>A message that becomes visible to an instance at a time: a timer, an event, a child's result.</summary>
/// <param name="ExecutionId">Only that execution of the instance may get it; null: whichever runs.</param>
public sealed record OutgoingMessage(string InstanceId, HistoryEvent Event, DateTimeOffset VisibleTime, string? ExecutionId = null);

/// <summary>Continue-as-new: the instance starts over with this input and the events it hadn't read.</summary>
/// <param name="Number">How often it has continued as new.</param>
public sealed record NextGeneration(string Input, IReadOnlyList<EventRaised> UnreadEvents, int Number);
