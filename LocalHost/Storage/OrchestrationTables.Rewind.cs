using LocalHost.Engine;
using LocalHost.Engine.Replay;

namespace LocalHost.Storage;

/// <summary>Rewinding a failed instance with its failed children: one transaction.</summary>
internal sealed partial class OrchestrationTables
{
    public OrchestrationRuntimeStatus? Rewind(string instanceId, string? reason, DateTimeOffset now)
    {
        var instance = Find(instanceId);
        if (instance is { Status: OrchestrationRuntimeStatus.Failed })
            Rewind(instance, reason, now);
        return instance?.Status;
    }

    private void Rewind(Instance instance, string? reason, DateTimeOffset now)
    {
        var history = History(instance.InstanceId);
        var rewound = Rewinding.Forget(history, reason);
        for (var i = 0; i < history.Count; i++)
        {
            if (!ReferenceEquals(history[i], rewound[i]))
                session.Run("UPDATE history SET event = ?3 WHERE instance_id = ?1 AND sequence = ?2", instance.InstanceId, i, rewound[i].ToJson());
        }

        session.Run(
            "UPDATE instances SET status = ?2, output = NULL, updated_at = ?3 WHERE instance_id = ?1",
            instance.InstanceId,
            (int)OrchestrationRuntimeStatus.Pending,
            now.UtcTicks);
        // The code runs even where nothing is handed out again: it may have been mended.
        Enqueue(instance.InstanceId, new GenericEvent(now, $"Rewound: {reason}"), now);
        foreach (var open in Rewinding.Unanswered(rewound))
            HandOutAgain(instance, open, reason, now);
    }

    private void HandOutAgain(Instance instance, ScheduledEvent open, string? reason, DateTimeOffset now)
    {
        switch (open)
        {
            case TaskScheduled activity:
                Schedule(instance.InstanceId, activity);
                break;
            // Also a timer that the code had cancelled: if it does so again, its firing goes unnoticed.
            case TimerCreated timer:
                Enqueue(instance.InstanceId, new TimerFired(timer.FireAt, timer.EventId, timer.FireAt), timer.FireAt);
                break;
            case SubOrchestrationInstanceCreated created:
                RunChildAgain(OrchestrationExecutor.ChildOf(instance, created, now), reason, now);
                break;
        }
    }

    private void RunChildAgain(NewInstance child, string? reason, DateTimeOffset now)
    {
        var existing = Find(child.InstanceId) is { } row && row.Parent == child.Parent ? row : null;
        switch (existing?.Status)
        {
            case OrchestrationRuntimeStatus.Failed:
                Rewind(existing, reason, now);
                break;
            // It was rewound by itself: its answer found nobody.
            case OrchestrationRuntimeStatus.Completed:
                Enqueue(child.Parent!.InstanceId, new SubOrchestrationInstanceCompleted(now, child.Parent.TaskId, existing.Output), now);
                break;
            case null or OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Canceled:
                StartChild(child, now);
                break;
        }
    }
}
