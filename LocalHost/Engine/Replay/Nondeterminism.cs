namespace LocalHost.Engine.Replay;

/// <summary>The code asked for something else than its history says. Compared by kind and name, not by input.</summary>
internal static class Nondeterminism
{
    private const string ErrorType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";
    private const string Question = "Was a change made to the orchestrator code after this instance had already started running?";

    /// <returns>Null where the two agree.</returns>
    public static Failure? Between(ScheduledEvent recorded, ScheduledEvent? replayed)
    {
        if (replayed is null)
            return Because($"A previous execution of this orchestration scheduled {Kind(recorded)} with sequence ID {recorded.EventId} and name '{NameOf(recorded)}' (version ''), but the current replay execution hasn't (yet?) scheduled this task. {Question}");

        if (recorded.GetType() != replayed.GetType())
            return Because($"{Previously(recorded)}, but the current orchestration replay instead produced a {ActionOf(replayed)} action with this sequence number. {Question}");

        return string.Equals(NameOf(recorded), NameOf(replayed), StringComparison.OrdinalIgnoreCase)
            ? null
            : Because($"{Previously(recorded)}, but the current orchestration replay instead scheduled {Kind(replayed)} named '{NameOf(replayed)}' with this sequence number.  {Question}");
    }

    private static Failure Because(string message) => new(ErrorType, "Non-Deterministic workflow detected: " + message);

    private static string Previously(ScheduledEvent recorded) =>
        $"A previous execution of this orchestration scheduled {Kind(recorded)} with sequence number {recorded.EventId} named '{NameOf(recorded)}'";

    private static string Kind(ScheduledEvent scheduled) => scheduled switch
    {
        TaskScheduled => "an activity task",
        TimerCreated => "a timer task",
        SubOrchestrationInstanceCreated => "a sub-orchestration task",
        _ => "an event",
    };

    private static string ActionOf(ScheduledEvent scheduled) => scheduled switch
    {
        TaskScheduled => "ScheduleTaskOrchestratorAction",
        TimerCreated => "CreateTimerOrchestratorAction",
        SubOrchestrationInstanceCreated => "CreateSubOrchestrationAction",
        _ => "SendEventOrchestratorAction",
    };

    private static string NameOf(ScheduledEvent scheduled) => scheduled switch
    {
        TaskScheduled task => task.Name,
        SubOrchestrationInstanceCreated child => child.Name,
        EventSent sent => sent.Name,
        _ => string.Empty,
    };
}
