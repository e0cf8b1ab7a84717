using LocalHost.Engine;
using LocalHost.Engine.Replay;

namespace LocalHost.Storage;

/// <summary>
/// The durable state of all instances. Every method is one transaction: it happens entirely or not at all, also when the process dies inside it.
/// Writes are done when they are on the disk; reads see what is. Safe to call from several threads.
/// </summary>
public interface IOrchestrationStore : IDisposable
{
    /// <summary>Creates an instance, or replaces a finished one whose status isn't in <paramref name="refused"/>.</summary>
    /// <returns>Null, or the status of the existing instance that stands in the way.</returns>
    Task<OrchestrationRuntimeStatus?> Create(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refused);

    /// <summary>Puts a message into an instance's inbox, unless it has finished.</summary>
    /// <returns>The instance's status, null for an unknown one.</returns>
    Task<OrchestrationRuntimeStatus?> Send(string instanceId, HistoryEvent message);

    /// <summary>Takes a failed instance back to before its failure, and its failed children too; what failed runs again.</summary>
    /// <returns>The instance's status until now, null for an unknown one.</returns>
    Task<OrchestrationRuntimeStatus?> Rewind(string instanceId, string? reason, DateTimeOffset now);

    Instance? Find(string instanceId);

    /// <summary>Instances in ordinal order of their ids.</summary>
    IReadOnlyList<Instance> List(InstanceFilter filter);

    IReadOnlyList<HistoryEvent> ReadHistory(string instanceId);

    /// <summary>Deletes those of the instances that have finished.</summary>
    /// <returns>How many.</returns>
    Task<int> Purge(IReadOnlyCollection<string> instanceIds);

    /// <summary>Looks for work, up to so many turns and activities, leaving out what is <paramref name="skipped"/>.</summary>
    VisibleWork Look(DateTimeOffset now, int turns, int activities, Func<WorkItem, bool> skipped);

    /// <returns>Null if the instance has nothing to do.</returns>
    Turn? ReadTurn(string instanceId, DateTimeOffset now);

    /// <summary>The one transaction that completes an orchestration work item.</summary>
    /// <returns>False, and nothing stored, if another turn of the instance came first.</returns>
    Task<bool> CompleteTurn(TurnResult result);

    /// <returns>Null if somebody else holds the lease or the activity is gone.</returns>
    Task<LeasedActivity?> Lease(ActivityWorkItem item, DateTimeOffset now, DateTimeOffset until);

    /// <summary>Deletes the activity and tells its instance, if the lease is still the caller's.</summary>
    /// <returns>False if the lease was lost: the result is discarded.</returns>
    Task<bool> CompleteActivity(LeasedActivity activity, HistoryEvent result);

    /// <summary>Makes all leased activities visible: nobody else can hold a lease when a single host starts.</summary>
    Task ReleaseLeases();
}

/// <summary>What could run at one moment, oldest first.</summary>
/// <param name="Turns">Of instances with visible new events.</param>
/// <param name="Activities">Those without a valid lease.</param>
/// <param name="Next">The earliest time after that moment at which something becomes visible: a message, or an activity whose lease ends.</param>
public sealed record VisibleWork(IReadOnlyList<OrchestrationWorkItem> Turns, IReadOnlyList<ActivityWorkItem> Activities, DateTimeOffset? Next);

/// <summary>A leased activity; <paramref name="Attempt"/> is the lease's token.</summary>
public sealed record LeasedActivity(long Id, string InstanceId, int TaskId, string Name, string? Input, int Attempt);

/// <summary>Bounds are inclusive; null and empty bound nothing.</summary>
public sealed record InstanceFilter(int Limit)
{
    public string? AfterId { get; init; }

    public string? IdPrefix { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    public IReadOnlyList<OrchestrationRuntimeStatus> Statuses { get; init; } = [];
}
