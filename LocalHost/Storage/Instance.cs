namespace LocalHost.Storage;

/// <summary>One orchestration instance as clients see it, with what a turn needs to know.</summary>
/// <param name="ExecutionId">Differs for every start and every generation under the same instance id.</param>
/// <param name="HistoryLength">Entries of this execution's history; a turn commits only on top of the length that it read.</param>
public sealed record Instance(
    string InstanceId,
    string ExecutionId,
    int Generation,
    string Name,
    OrchestrationRuntimeStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    ParentLink? Parent,
    long HistoryLength)
{
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Null: started without one.</summary>
    public string? Version { get; init; }
}

/// <summary>Who gets this instance's result: the sub-orchestration task of that execution.</summary>
public sealed record ParentLink(string InstanceId, string ExecutionId, string Name, int TaskId);

/// <summary>An instance to start at <paramref name="StartsAt"/>.</summary>
public sealed record NewInstance(string InstanceId, string Name, string? Input, DateTimeOffset CreatedAt, DateTimeOffset StartsAt, ParentLink? Parent = null)
{
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public string? Version { get; init; }
}

public static class StatusExtensions
{
    public static bool IsFinished(this OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed
            or OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Canceled;
}
