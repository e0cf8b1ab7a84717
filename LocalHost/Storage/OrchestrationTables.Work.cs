using LocalHost.Engine;
using LocalHost.Engine.Replay;
using Microsoft.Data.Sqlite;

namespace LocalHost.Storage;

/// <summary>Work items: reading, leasing and completing them.</summary>
internal sealed partial class OrchestrationTables
{
    public VisibleWork Look(DateTimeOffset now, int turns, int activities, Func<WorkItem, bool> skipped) =>
        new(VisibleTurns(now, turns, skipped), VisibleActivities(now, activities, skipped), NextVisibleTime(now));

    private List<OrchestrationWorkItem> VisibleTurns(DateTimeOffset now, int limit, Func<WorkItem, bool> skipped)
    {
        var seen = new HashSet<string>();
        // Not grouped by instance: that would read the whole backlog each time.
        return Visible(
            "SELECT instance_id, visible_time FROM new_events WHERE visible_time <= ?1 ORDER BY visible_time, instance_id",
            row => new OrchestrationWorkItem(row.GetString(0), InstanceRow.Time(row.GetInt64(1))),
            now,
            limit,
            item => !seen.Add(item.InstanceId) || skipped(item));
    }

    private List<ActivityWorkItem> VisibleActivities(DateTimeOffset now, int limit, Func<WorkItem, bool> skipped) => Visible<ActivityWorkItem>(
        "SELECT instance_id, lease_until, id, name, attempt FROM new_tasks WHERE lease_until <= ?1 ORDER BY lease_until, id",
        row => new ActivityWorkItem(row.GetString(0), InstanceRow.Time(row.GetInt64(1)), row.GetInt64(2), row.GetString(3), row.GetInt32(4)),
        now,
        limit,
        skipped);

    private List<T> Visible<T>(string sql, Func<SqliteDataReader, T> map, DateTimeOffset now, int limit, Func<T, bool> skipped)
    {
        var found = new List<T>();
        if (limit <= 0)
            return found;

        session.Scan(
            sql,
            row =>
            {
                if (map(row) is var item && !skipped(item))
                    found.Add(item);
                return found.Count < limit;
            },
            now.UtcTicks);
        return found;
    }

    private DateTimeOffset? NextVisibleTime(DateTimeOffset now) => session.Query(
        """
        SELECT min(t) FROM (
            SELECT min(visible_time) AS t FROM new_events WHERE visible_time > ?1
            UNION ALL SELECT min(lease_until) FROM new_tasks WHERE lease_until > ?1)
        """,
        row => row.IsDBNull(0) ? (DateTimeOffset?)null : InstanceRow.Time(row.GetInt64(0)),
        now.UtcTicks)[0];

    public Turn? Turn(string instanceId, DateTimeOffset now)
    {
        if (Find(instanceId, InstanceRow.ColumnsWithoutInput) is not { } instance)
            return null;

        var arrived = session.Query(
            "SELECT id, event FROM new_events WHERE instance_id = ?1 AND visible_time <= ?2 ORDER BY visible_time, id",
            row => new NewEvent(row.GetInt64(0), HistoryEvent.Parse(row.GetString(1))),
            instanceId,
            now.UtcTicks);
        return arrived.Count == 0 ? null : new Turn(instance, arrived);
    }

    public LeasedActivity? Lease(ActivityWorkItem item, DateTimeOffset now, DateTimeOffset until) => session.Query(
        """
        UPDATE new_tasks SET lease_until = ?3, attempt = attempt + 1 WHERE id = ?1 AND lease_until <= ?2
        RETURNING id, instance_id, task_id, name, input, attempt
        """,
        row => new LeasedActivity(row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.GetString(3), InstanceRow.Text(row, 4), row.GetInt32(5)),
        item.Id,
        now.UtcTicks,
        until.UtcTicks) is [var leased] ? leased : null;

    public bool Complete(LeasedActivity activity, HistoryEvent result)
    {
        if (session.Run("DELETE FROM new_tasks WHERE id = ?1 AND attempt = ?2", activity.Id, activity.Attempt) == 0)
            return false;

        Enqueue(activity.InstanceId, result, result.Timestamp);
        return true;
    }

    public int ReleaseLeases() => session.Run("UPDATE new_tasks SET lease_until = 0 WHERE lease_until > 0");

    public bool Complete(TurnResult result)
    {
        if (!Update(result))
            return false;

        var instance = result.Turn.Instance;
        if (result.IsFinished)
            ClearWork(instance.InstanceId);
        else
            ForgetConsumed(result);

        if (result.ContinuedAsNew is { } next)
            StartOver(result, next);
        else
            Append(instance, result.NewHistory);

        foreach (var activity in result.Activities)
            Schedule(instance.InstanceId, activity);
        foreach (var message in result.Messages)
            Deliver(message);
        foreach (var child in result.Children)
            StartChild(child, result.At);
        return true;
    }

    private bool Update(TurnResult result)
    {
        var instance = result.Turn.Instance;
        // A column that is set is written to its index too, changed or not.
        var status = result.Status == instance.Status ? string.Empty : "status = ?8,";
        return session.Run(
            $"""
            UPDATE instances SET {status} output = ?4, custom_status = coalesce(?5, custom_status), updated_at = ?6, history_length = history_length + ?7
            WHERE instance_id = ?1 AND execution_id = ?2 AND history_length = ?3
            """,
            instance.InstanceId,
            instance.ExecutionId,
            instance.HistoryLength,
            result.Output,
            result.CustomStatus,
            result.At.UtcTicks,
            result.NewHistory.Count,
            (int)result.Status) > 0;
    }

    private void ForgetConsumed(TurnResult result)
    {
        foreach (var consumed in result.Turn.NewEvents)
            session.Run("DELETE FROM new_events WHERE id = ?1", consumed.Id);
        foreach (var timer in result.CancelledTimers)
            session.Run("DELETE FROM new_events WHERE instance_id = ?1 AND timer_id = ?2", result.Turn.Instance.InstanceId, timer);
    }

    private void Append(Instance instance, IReadOnlyList<HistoryEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
            session.Run("INSERT INTO history VALUES (?1, ?2, ?3)", instance.InstanceId, instance.HistoryLength + i, events[i].ToJson());
    }

    private void StartOver(TurnResult result, NextGeneration next)
    {
        var (instance, now) = (result.Turn.Instance, result.At);
        var generation = instance.Generation + 1;
        session.Run("DELETE FROM history WHERE instance_id = ?1", instance.InstanceId);
        // A rewind hands out cancelled timers again; in the next generation their numbers are other tasks'.
        session.Run("DELETE FROM new_events WHERE instance_id = ?1 AND timer_id IS NOT NULL", instance.InstanceId);
        // Messages that arrived during this turn stay in the inbox; the start and the unread events come just before them, but not before what other
        // instances wait for: one that continues for ever would always be the oldest.
        var before = session.Query(
            "SELECT coalesce(min(visible_time) - 1, ?2) FROM new_events WHERE instance_id = ?1 AND visible_time <= ?2",
            row => InstanceRow.Time(row.GetInt64(0)),
            instance.InstanceId,
            now.UtcTicks)[0];
        session.Run(
            """
            UPDATE instances SET execution_id = ?2, generation = ?3, created_at = ?4, starts_at = 0, history_length = 0 WHERE instance_id = ?1
            """,
            instance.InstanceId,
            ExecutionIdOf(instance.InstanceId, now, generation),
            generation,
            now.UtcTicks);
        SetInput(instance.InstanceId, next.Input);
        Enqueue(instance.InstanceId, new ExecutionStarted(now, instance.Name, next.Input) { Generation = next.Number }, before);
        foreach (var unread in next.UnreadEvents)
            Enqueue(instance.InstanceId, unread, before);
    }

    private void Schedule(string instanceId, TaskScheduled activity) => session.Run(
        "INSERT INTO new_tasks (instance_id, task_id, name, input, lease_until, attempt) VALUES (?1, ?2, ?3, ?4, 0, 0)",
        instanceId,
        activity.EventId,
        activity.Name,
        activity.Input);

    // Unknown and finished instances get nothing, nor does another execution than the one that is meant.
    private void Deliver(OutgoingMessage message)
    {
        if (Find(message.InstanceId, InstanceRow.ColumnsWithoutInput) is { } target
            && !target.Status.IsFinished()
            && (message.ExecutionId is null || message.ExecutionId == target.ExecutionId))
        {
            Enqueue(message.InstanceId, message.Event, message.VisibleTime);
        }
    }

    private void StartChild(NewInstance child, DateTimeOffset now)
    {
        if (Insert(child, []) is null || child.Parent is not { } parent)
            return;

        var failure = new Failure(
            "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
            $"An Orchestration instance with the ID {child.InstanceId} already exists.");
        Enqueue(parent.InstanceId, new SubOrchestrationInstanceFailed(now, parent.TaskId, failure), now);
    }
}
