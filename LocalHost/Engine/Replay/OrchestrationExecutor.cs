using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine.Replay;

/// <summary>Runs one turn: replays the history, applies the new events, and says what has to be stored.</summary>
internal sealed class OrchestrationExecutor(IOrchestrationStore store, ITaskFunctions functions, ILoggerFactory loggerFactory, EngineOptions options)
{
    private readonly LiveExecutions kept = new(options.LiveInstances);

    /// <summary>The instance's code as its last turn left it, or at its beginning.</summary>
    public LiveExecution Take(Turn turn) => kept.Take(turn.Instance) ?? new LiveExecution(turn.Instance, functions, loggerFactory, options.Versions);

    /// <summary>What the code has to be replayed with before it goes on; empty if it is still there from its last turn.</summary>
    public IReadOnlyList<HistoryEvent> Missing(Turn turn, LiveExecution live) =>
        live.Length < turn.Instance.HistoryLength ? store.ReadHistory(turn.Instance.InstanceId) : [];

    /// <param name="history">What the code has <see cref="Missing">missed</see>.</param>
    public static TurnResult Run(Turn turn, LiveExecution live, IReadOnlyList<HistoryEvent> history, DateTimeOffset now)
    {
        live.Replay(history);
        var arrived = new List<HistoryEvent>(turn.NewEvents.Count + 1) { new OrchestratorStarted(TimeOf(live, now)) };
        arrived.AddRange(turn.NewEvents.Select(newEvent => newEvent.Event));
        return Conclude(turn, now, live.Context, live.Advance(arrived), arrived);
    }

    /// <summary>Once the turn is stored: its code goes on from there.</summary>
    public void Stored(TurnResult result, LiveExecution live)
    {
        if (result.IsFinished || result.ContinuedAsNew is not null)
        {
            live.Drop();
            return;
        }

        live.Stored(result.NewHistory.Count);
        kept.Keep(result.Turn.Instance.InstanceId, live);
    }

    /// <summary>What a turn comes to whose code doesn't come to an end: what arrived is history, the instance has failed.</summary>
    public static TurnResult GivenUp(Turn turn, DateTimeOffset now, TimeSpan limit)
    {
        var failure = Outputs.TurnTooLong(turn.Instance, limit);
        var conclusion = new Conclusion(OrchestrationRuntimeStatus.Failed, Outputs.Unhandled(turn.Instance.Name, failure)) { Failure = failure };
        return new TurnResult(turn, now, conclusion.Status)
        {
            NewHistory =
            [
                new OrchestratorStarted(now),
                .. turn.NewEvents.Select(arrived => arrived.Event),
                new ExecutionCompleted(now, conclusion.Status, conclusion.Output),
            ],
            Output = conclusion.Output,
            Messages = [.. ToParent(turn.Instance, conclusion, now)],
        };
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
    private static DateTimeOffset TimeOf(LiveExecution live, DateTimeOffset now) => live.Context.Now > now ? live.Context.Now : now;

    private static IEnumerable<OutgoingMessage> EventsOf(IEnumerable<ScheduledEvent> scheduled, DateTimeOffset now) =>
        scheduled.OfType<EventSent>().Select(sent => new OutgoingMessage(sent.InstanceId, new EventRaised(now, sent.Name, sent.Input), now));

    private static IEnumerable<OutgoingMessage> TimersOf(Instance instance, IEnumerable<ScheduledEvent> scheduled) =>
        scheduled.OfType<TimerCreated>().Select(timer => new OutgoingMessage(
            instance.InstanceId, new TimerFired(timer.FireAt, timer.EventId, timer.FireAt), timer.FireAt, instance.ExecutionId));

    internal static NewInstance ChildOf(Instance instance, SubOrchestrationInstanceCreated child, DateTimeOffset now) =>
        new(child.InstanceId, child.Name, child.Input, now, now, new ParentLink(instance.InstanceId, instance.ExecutionId, instance.Name, child.EventId))
        {
            Tags = child.Tags,
            Version = child.Version,
        };

    private static IEnumerable<OutgoingMessage> ToParent(Instance instance, Conclusion conclusion, DateTimeOffset now)
    {
        if (instance.Parent is not { } parent)
            yield break;

        HistoryEvent result = conclusion.Status is OrchestrationRuntimeStatus.Completed
            ? new SubOrchestrationInstanceCompleted(now, parent.TaskId, conclusion.Output)
            : new SubOrchestrationInstanceFailed(now, parent.TaskId, conclusion.Failure ?? Failure.WithoutDetails(conclusion.Output ?? string.Empty));
        yield return new OutgoingMessage(parent.InstanceId, result, now, parent.ExecutionId);
    }
}
