using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine.Replay;

/// <summary>Runs one turn: replays the history, applies the new events, and says what has to be stored.</summary>
internal sealed class OrchestrationExecutor(ITaskFunctions functions, ILoggerFactory loggerFactory)
{
    public TurnResult Run(Turn turn, DateTimeOffset now)
    {
        var thread = new TurnThread();
        var context = new ReplayContext(turn.Instance, thread, loggerFactory);
        var execution = new Execution(functions, context, thread);
        var arrived = new List<HistoryEvent>(turn.NewEvents.Count + 1) { new OrchestratorStarted(TimeOf(turn, now)) };
        arrived.AddRange(turn.NewEvents.Select(newEvent => newEvent.Event));

        thread.Run(() =>
        {
            context.Replaying = true;
            execution.Apply(turn.History);
            context.Replaying = false;
            execution.Apply(arrived);
        });

        return Conclude(turn, now, context, execution.Conclude(), arrived);
    }

    private static TurnResult Conclude(Turn turn, DateTimeOffset now, ReplayContext context, Conclusion conclusion, List<HistoryEvent> newHistory)
    {
        if (conclusion.Status.IsFinished())
        {
            // Its code ended by itself: the events that it sent last go out. Otherwise what it asked for is void.
            var ended = context.Fatal is null && conclusion.Status is not OrchestrationRuntimeStatus.Terminated;
            var sent = ended ? context.Tasks.Unconfirmed : [];
            newHistory.AddRange(sent);
            newHistory.Add(new ExecutionCompleted(now, conclusion.Status, conclusion.Output));
            return new TurnResult(turn, now, conclusion.Status)
            {
                NewHistory = newHistory,
                Output = conclusion.Output,
                CustomStatus = conclusion.CustomStatus,
                Messages = [.. EventsOf(sent, now), .. ToParent(turn.Instance, conclusion, now)],
            };
        }

        var scheduled = context.Tasks.Unconfirmed;
        newHistory.AddRange(scheduled);
        return new TurnResult(turn, now, conclusion.Status)
        {
            NewHistory = newHistory,
            Output = conclusion.Output,
            CustomStatus = conclusion.CustomStatus,
            Activities = [.. scheduled.OfType<TaskScheduled>()],
            Messages = [.. EventsOf(scheduled, now), .. TimersOf(turn.Instance, scheduled)],
            Children = [.. scheduled.OfType<SubOrchestrationInstanceCreated>().Select(child => ChildOf(turn.Instance, child, now))],
            CancelledTimers = context.CancelledTimers,
            ContinuedAsNew = conclusion.ContinuedAsNew,
        };
    }

    // An orchestration's clock doesn't run backwards when the machine's does.
    private static DateTimeOffset TimeOf(Turn turn, DateTimeOffset now) =>
        turn.History.LastOrDefault(past => past is OrchestratorStarted) is { } last && last.Timestamp > now ? last.Timestamp : now;

    private static IEnumerable<OutgoingMessage> EventsOf(IEnumerable<ScheduledEvent> scheduled, DateTimeOffset now) =>
        scheduled.OfType<EventSent>().Select(sent => new OutgoingMessage(sent.InstanceId, new EventRaised(now, sent.Name, sent.Input), now));

    private static IEnumerable<OutgoingMessage> TimersOf(Instance instance, IEnumerable<ScheduledEvent> scheduled) =>
        scheduled.OfType<TimerCreated>().Select(timer => new OutgoingMessage(
            instance.InstanceId, new TimerFired(timer.FireAt, timer.EventId, timer.FireAt), timer.FireAt, instance.ExecutionId));

    private static NewInstance ChildOf(Instance instance, SubOrchestrationInstanceCreated child, DateTimeOffset now) =>
        new(child.InstanceId, child.Name, child.Input, now, now, new ParentLink(instance.InstanceId, instance.ExecutionId, instance.Name, child.EventId));

    private static IEnumerable<OutgoingMessage> ToParent(Instance instance, Conclusion conclusion, DateTimeOffset now)
    {
        if (instance.Parent is not { } parent)
            yield break;

        HistoryEvent result = conclusion.Status is OrchestrationRuntimeStatus.Completed
            ? new SubOrchestrationInstanceCompleted(now, parent.TaskId, conclusion.Output)
            : new SubOrchestrationInstanceFailed(now, parent.TaskId, conclusion.Failure ?? new Failure("(unknown)", conclusion.Output ?? string.Empty));
        yield return new OutgoingMessage(parent.InstanceId, result, now, parent.ExecutionId);
    }
}
