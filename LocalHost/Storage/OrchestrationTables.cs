using LocalHost.Engine;
using LocalHost.Engine.Replay;

namespace LocalHost.Storage;

/// <summary>What happens to the rows, on one connection and inside the caller's transaction.</summary>
internal sealed partial class OrchestrationTables(SqliteSession session)
{
    public OrchestrationRuntimeStatus? Send(string instanceId, HistoryEvent message)
    {
        if (Find(instanceId, InstanceRow.ColumnsWithoutInput) is not { } instance)
            return null;
        if (!instance.Status.IsFinished())
            Enqueue(instanceId, message, message.Timestamp);
        return instance.Status;
    }

    public Instance? Find(string instanceId, string columns = InstanceRow.Columns) =>
        session.Query($"SELECT {columns} FROM instances WHERE instance_id = ?1", InstanceRow.Read, instanceId) is [var row] ? row : null;

    public List<HistoryEvent> History(string instanceId) => session.Query(
        "SELECT event FROM history WHERE instance_id = ?1 ORDER BY sequence", row => HistoryEvent.Parse(row.GetString(0)), instanceId);

    public int Purge(IEnumerable<string> instanceIds) => instanceIds.Count(Purge);

    public OrchestrationRuntimeStatus? Insert(NewInstance instance, IReadOnlyCollection<OrchestrationRuntimeStatus> refused)
    {
        var existing = Find(instance.InstanceId);
        if (existing is not null && (!existing.Status.IsFinished() || refused.Contains(existing.Status)))
            return existing.Status;

        Clear(instance.InstanceId);
        var generation = (existing?.Generation ?? 0) + 1;
        session.Run(
            "INSERT OR REPLACE INTO instances VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, NULL, NULL, ?8, ?9, ?10, ?11, 0, ?12, ?13)",
            instance.InstanceId,
            ExecutionIdOf(instance.InstanceId, instance.CreatedAt, generation),
            generation,
            instance.Name,
            (int)OrchestrationRuntimeStatus.Pending,
            instance.CreatedAt.UtcTicks,
            instance.StartsAt.UtcTicks,
            instance.Parent?.InstanceId,
            instance.Parent?.ExecutionId,
            instance.Parent?.Name,
            instance.Parent?.TaskId,
            instance.Tags is { } tags ? DurableJson.Serialize(tags) : null,
            instance.Version);
        SetInput(instance.InstanceId, instance.Input);
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

    private bool Purge(string instanceId)
    {
        if (Find(instanceId) is not { } instance || !instance.Status.IsFinished())
            return false;

        Clear(instanceId);
        SetInput(instanceId, null);
        session.Run("DELETE FROM instances WHERE instance_id = ?1", instanceId);
        return true;
    }

    private void SetInput(string instanceId, string? input) => session.Run(
        input is null ? "DELETE FROM inputs WHERE instance_id = ?1" : "INSERT OR REPLACE INTO inputs VALUES (?1, ?2)", instanceId, input);

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
