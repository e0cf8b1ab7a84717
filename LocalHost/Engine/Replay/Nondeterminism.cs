using System.Globalization;
using LocalHost.Storage;

namespace LocalHost.Engine.Replay;

/// <summary>
/// The code asked for something else than its history says. Compared by kind and name, not by input. The extension's words come first, for
/// those who search for them; they don't name the instance, so a sentence of our own follows.
/// </summary>
internal static class Nondeterminism
{
    private const string ErrorType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";
    private const string Question = "Was a change made to the orchestrator code after this instance had already started running?";

    /// <returns>Null where the two agree.</returns>
    public static Failure? Between(Instance instance, ScheduledEvent recorded, ScheduledEvent? replayed)
    {
        if (DifferenceOf(recorded, replayed) is not { } difference)
            return null;

        var asked = replayed is null ? "nothing there" : Described(replayed);
        return new(ErrorType, $"Non-Deterministic workflow detected: A previous execution of this orchestration scheduled {difference}{Question} " +
            $"Instance '{instance.InstanceId}' of '{instance.Name}': its history expected {Described(recorded)} as number {recorded.EventId}, its code asked for {asked}.");
    }

    /// <summary>Whether that is how a failed instance ended.</summary>
    public static bool Ended(IReadOnlyList<HistoryEvent> history) =>
        history is [.., ExecutionCompleted { Status: OrchestrationRuntimeStatus.Failed, Result: { } output }]
        && output.StartsWith(ErrorType, StringComparison.Ordinal);

    private static string? DifferenceOf(ScheduledEvent recorded, ScheduledEvent? replayed)
    {
        if (replayed is null)
            return $"{Missing(recorded)} but the current replay execution hasn't (yet?) scheduled this task. ";
        if (recorded.GetType() != replayed.GetType())
            return $"{Numbered(recorded)}, but the current orchestration replay instead produced a {ActionOf(replayed)} action with this sequence number. ";
        return string.Equals(NameOf(recorded), NameOf(replayed), StringComparison.OrdinalIgnoreCase)
            ? null
            : $"{Numbered(recorded)}, but the current orchestration replay instead scheduled {Kind(replayed)} named '{NameOf(replayed)}' with this sequence number.  ";
    }

    private static string Missing(ScheduledEvent recorded) => recorded switch
    {
        TimerCreated => Numbered(recorded),
        SubOrchestrationInstanceCreated child => $"{Kind(child)} with sequence ID {child.EventId} and name '{child.Name}' (version '{child.Version}', instance ID '{child.InstanceId}'),",
        _ => $"{Kind(recorded)} with sequence ID {recorded.EventId} and name '{NameOf(recorded)}' (version ''),",
    };

    private static string Numbered(ScheduledEvent recorded) =>
        $"{Kind(recorded)} with sequence number {recorded.EventId}" + (NameOf(recorded) is { Length: > 0 } name ? $" named '{name}'" : string.Empty);

    private static string Described(ScheduledEvent scheduled) => scheduled switch
    {
        TaskScheduled task => $"the activity '{task.Name}'",
        TimerCreated timer => $"a timer for {timer.FireAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}",
        SubOrchestrationInstanceCreated child => $"the sub-orchestration '{child.Name}' ('{child.InstanceId}')",
        EventSent sent => $"the event '{sent.Name}' to '{sent.InstanceId}'",
        _ => scheduled.GetType().Name,
    };

    private static string Kind(ScheduledEvent scheduled) => scheduled switch
    {
        TaskScheduled => "an activity task",
        TimerCreated => "a timer task",
        SubOrchestrationInstanceCreated => "a sub-orchestration task",
        _ => "a send event task",
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
