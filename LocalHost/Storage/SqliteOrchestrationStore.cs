using LocalHost.Engine;
using LocalHost.Engine.Replay;

namespace LocalHost.Storage;

/// <summary>The store on SQLite: a file, or <c>:memory:</c> for tests and simulations, which then run the same statements.</summary>
public sealed class SqliteOrchestrationStore(string path) : IOrchestrationStore
{
    public const string InMemory = ":memory:";

    private readonly OrchestrationDatabase database = new(path);

    public Task<OrchestrationRuntimeStatus?> Create(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refused) =>
        database.Write(tables => tables.Insert(instance, refused));

    public Task<OrchestrationRuntimeStatus?> Send(string instanceId, HistoryEvent message) => database.Write(tables => tables.Send(instanceId, message));

    public Task<OrchestrationRuntimeStatus?> Rewind(string instanceId, string? reason, DateTimeOffset now) =>
        database.Write(tables => tables.Rewind(instanceId, reason, now));

    public Task<int> Purge(IReadOnlyCollection<string> instanceIds) => database.Write(tables => tables.Purge(instanceIds));

    public Task<bool> CompleteTurn(TurnResult result) => database.Write(tables => tables.Complete(result));

    // A lease that a power cut takes back is one that has ended: the activity runs again.
    public Task<LeasedActivity?> Lease(ActivityWorkItem item, DateTimeOffset now, DateTimeOffset until) =>
        database.WriteUnflushed(tables => tables.Lease(item, now, until));

    public Task<bool> CompleteActivity(LeasedActivity activity, HistoryEvent result) => database.Write(tables => tables.Complete(activity, result));

    public Task ReleaseLeases() => database.Write(tables => tables.ReleaseLeases());

    public Instance? Find(string instanceId) => database.Read(tables => tables.Find(instanceId));

    public IReadOnlyList<Instance> List(InstanceFilter filter) => database.Read(tables => tables.List(filter));

    public IReadOnlyList<HistoryEvent> ReadHistory(string instanceId) => database.Read(tables => tables.History(instanceId));

    public VisibleWork Look(DateTimeOffset now, int turns, int activities, Func<WorkItem, bool> skipped) =>
        database.Read(tables => tables.Look(now, turns, activities, skipped));

    public Turn? ReadTurn(string instanceId, DateTimeOffset now) => database.Read(tables => tables.Turn(instanceId, now));

    /// <inheritdoc cref="OrchestrationDatabase.Fill"/>
    internal Task Fill(bool full) => database.Fill(full);

    public void Dispose() => database.Dispose();
}
