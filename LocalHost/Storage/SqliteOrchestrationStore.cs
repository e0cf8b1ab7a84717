using LocalHost.Engine;
using LocalHost.Engine.Replay;

namespace LocalHost.Storage;

/// <summary>The store on SQLite: a file, or <c>:memory:</c> for tests and simulations, which then run the same statements.</summary>
public sealed partial class SqliteOrchestrationStore(string path) : IOrchestrationStore
{
    public const string InMemory = ":memory:";

    private readonly SqliteSession session = new(path);
    private readonly HistoryCache histories = new();

    public OrchestrationRuntimeStatus? Create(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refused) =>
        session.Transaction(() => Insert(instance, refused));

    public OrchestrationRuntimeStatus? Send(string instanceId, HistoryEvent message) => session.Transaction(() =>
    {
        if (FindRow(instanceId) is not { } instance)
            return (OrchestrationRuntimeStatus?)null;
        if (!instance.Status.IsFinished())
            Enqueue(instanceId, message, message.Timestamp);
        return instance.Status;
    });

    public Instance? Find(string instanceId) => session.Read(() => FindRow(instanceId));

    public IReadOnlyList<Instance> List(InstanceFilter filter) => session.Read(() => session.Query(
        $"""
        SELECT {InstanceRow.Columns} FROM instances
        WHERE instance_id > ?1 AND substr(instance_id, 1, length(?2)) = ?2 AND created_at BETWEEN ?3 AND ?4
            AND (?5 = '[]' OR status IN (SELECT value FROM json_each(?5)))
        ORDER BY instance_id LIMIT ?6
        """,
        InstanceRow.Read,
        filter.AfterId ?? string.Empty,
        filter.IdPrefix ?? string.Empty,
        filter.CreatedFrom?.UtcTicks ?? 0,
        filter.CreatedTo?.UtcTicks ?? long.MaxValue,
        DurableJson.Serialize(filter.Statuses),
        filter.Limit));

    public IReadOnlyList<HistoryEvent> ReadHistory(string instanceId) => session.Read(() => HistoryOf(instanceId));

    public bool Purge(string instanceId) => session.Transaction(() =>
    {
        if (FindRow(instanceId) is not { } instance || !instance.Status.IsFinished())
            return false;

        Clear(instanceId);
        session.Run("DELETE FROM instances WHERE instance_id = ?1", instanceId);
        return true;
    });

    public DateTimeOffset? NextVisibleTime(DateTimeOffset now) => session.Read(() => session.Query(
        """
        SELECT min(t) FROM (
            SELECT min(visible_time) AS t FROM new_events WHERE visible_time > ?1
            UNION ALL SELECT min(lease_until) FROM new_tasks WHERE lease_until > ?1)
        """,
        row => row.IsDBNull(0) ? (DateTimeOffset?)null : InstanceRow.Time(row.GetInt64(0)),
        now.UtcTicks)[0]);

    public void Dispose() => session.Dispose();

    private Instance? FindRow(string instanceId) =>
        session.Query($"SELECT {InstanceRow.Columns} FROM instances WHERE instance_id = ?1", InstanceRow.Read, instanceId) is [var row] ? row : null;

    private List<HistoryEvent> HistoryOf(string instanceId) => session.Query(
        "SELECT event FROM history WHERE instance_id = ?1 ORDER BY sequence", row => HistoryEvent.Parse(row.GetString(0)), instanceId);

    private OrchestrationRuntimeStatus? Insert(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refused)
    {
        var existing = FindRow(instance.InstanceId);
        if (existing is not null && (!existing.Status.IsFinished() || refused.Contains(existing.Status)))
            return existing.Status;

        Clear(instance.InstanceId);
        var generation = (existing?.Generation ?? 0) + 1;
        session.Run(
            "INSERT OR REPLACE INTO instances VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, NULL, NULL, ?9, ?10, ?11, ?12, 0, ?13, ?14)",
            instance.InstanceId,
            ExecutionIdOf(instance.InstanceId, instance.CreatedAt, generation),
            generation,
            instance.Name,
            (int)OrchestrationRuntimeStatus.Pending,
            instance.CreatedAt.UtcTicks,
            instance.StartsAt.UtcTicks,
            instance.Input,
            instance.Parent?.InstanceId,
            instance.Parent?.ExecutionId,
            instance.Parent?.Name,
            instance.Parent?.TaskId,
            instance.Tags is { } tags ? DurableJson.Serialize(tags) : null,
            instance.Version);
        var started = new ExecutionStarted(instance.CreatedAt, instance.Name, instance.Input)
        {
            ScheduledStartTime = instance.StartsAt > instance.CreatedAt ? instance.StartsAt : null,
        };
        Enqueue(instance.InstanceId, started, instance.StartsAt);
        return null;
    }

    // An instance that starts later gets its messages after its start; only a terminate doesn't wait.
    private void Enqueue(string instanceId, HistoryEvent message, DateTimeOffset visibleTime) => session.Run(
        """
        INSERT INTO new_events (instance_id, visible_time, timer_id, event)
        SELECT ?1, CASE WHEN ?5 THEN ?2 ELSE max(?2, starts_at) END, ?3, ?4 FROM instances WHERE instance_id = ?1
        """,
        instanceId,
        visibleTime.UtcTicks,
        (message as TimerFired)?.TaskScheduledId,
        message.ToJson(),
        message is ExecutionTerminated);

    /// <summary>Forgets what an instance has done and what it still had to do.</summary>
    private void Clear(string instanceId)
    {
        session.Run("DELETE FROM history WHERE instance_id = ?1", instanceId);
        ClearWork(instanceId);
    }

    private void ClearWork(string instanceId)
    {
        session.Run("DELETE FROM new_events WHERE instance_id = ?1", instanceId);
        session.Run("DELETE FROM new_tasks WHERE instance_id = ?1", instanceId);
    }

    private static string ExecutionIdOf(string instanceId, DateTimeOffset createdAt, int generation) =>
        DeterministicGuid.Of($"{instanceId}/{createdAt.UtcTicks}/{generation}").ToString("N");
}
