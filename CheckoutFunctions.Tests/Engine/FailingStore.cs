using LocalHost.Engine;
using LocalHost.Engine.Replay;
using LocalHost.Storage;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>A store whose reads and commits of work fail a number of times.</summary>
internal sealed class FailingStore(IOrchestrationStore store, int failures) : IOrchestrationStore
{
    private int failuresLeft = failures;

    public int FailuresLeft => Math.Max(0, failuresLeft);

    public Task<OrchestrationRuntimeStatus?> Create(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refused) => store.Create(instance, refused);

    public Task<OrchestrationRuntimeStatus?> Send(string instanceId, HistoryEvent message) => store.Send(instanceId, message);

    public Task<OrchestrationRuntimeStatus?> Rewind(string instanceId, string? reason, DateTimeOffset now) => store.Rewind(instanceId, reason, now);

    public Instance? Find(string instanceId) => store.Find(instanceId);

    public IReadOnlyList<Instance> List(InstanceFilter filter) => store.List(filter);

    public IReadOnlyList<HistoryEvent> ReadHistory(string instanceId) => store.ReadHistory(instanceId);

    public Task<int> Purge(IReadOnlyCollection<string> instanceIds) => store.Purge(instanceIds);

    public VisibleWork Look(DateTimeOffset now, int turns, int activities, Func<WorkItem, bool> skipped) =>
        Answer(() => store.Look(now, turns, activities, skipped));

    public Turn? ReadTurn(string instanceId, DateTimeOffset now) => store.ReadTurn(instanceId, now);

    public Task<bool> CompleteTurn(TurnResult result) => Answer(() => store.CompleteTurn(result));

    public Task<LeasedActivity?> Lease(ActivityWorkItem item, DateTimeOffset now, DateTimeOffset until) => store.Lease(item, now, until);

    public Task<bool> CompleteActivity(LeasedActivity activity, HistoryEvent result) => store.CompleteActivity(activity, result);

    public Task ReleaseLeases() => store.ReleaseLeases();

    public void Dispose()
    {
    }

    private T Answer<T>(Func<T> answer) => Interlocked.Decrement(ref failuresLeft) >= 0 ? throw new IOException("The disk is away.") : answer();
}
