using LocalHost.Engine.Replay;

namespace LocalHost.Engine;

/// <summary>
/// What is left of a failed history, so that its code runs on from before the failure. Entries are replaced and never removed: the
/// places of all others stay.
/// </summary>
internal static class Rewinding
{
    /// <summary>
    /// Forgets the failures that came last. Where the code went on after its last failure (it caught it and cleaned up, say), what it asked
    /// for since then is forgotten too: without the failure it won't ask for that, and its history must agree with it.
    /// </summary>
    public static IReadOnlyList<HistoryEvent> Forget(IReadOnlyList<HistoryEvent> history, string? reason)
    {
        var from = Start(history);
        var askedSince = history.Skip(from).OfType<ScheduledEvent>().Select(asked => asked.EventId).ToHashSet();
        return [.. history.Select((happened, index) => IsForgotten(happened, index) ? Remark(happened, reason) : happened)];

        bool IsForgotten(HistoryEvent happened, int index) => happened is ExecutionCompleted || (index >= from && happened switch
        {
            ScheduledEvent => true,
            CompletionEvent completion => IsFailure(completion) || askedSince.Contains(completion.TaskScheduledId),
            _ => false,
        });
    }

    /// <summary>What has no answer and will get none by itself: nothing that a finished instance had under way is kept.</summary>
    public static IEnumerable<ScheduledEvent> Unanswered(IReadOnlyList<HistoryEvent> history)
    {
        var answered = history.OfType<CompletionEvent>().Select(completion => completion.TaskScheduledId).ToHashSet();
        return history.OfType<ScheduledEvent>().Where(asked => asked is not EventSent && !answered.Contains(asked.EventId));
    }

    private static int Start(IReadOnlyList<HistoryEvent> history)
    {
        // Other code ran on it. Once the code is back, all of that history counts again, a failure that it had dealt with too.
        if (Nondeterminism.Ended(history))
            return history.Count;

        var (failed, asked) = (-1, -1);
        for (var i = 0; i < history.Count; i++)
        {
            if (IsFailure(history[i]))
                failed = i;
            else if (history[i] is ScheduledEvent)
                asked = i;
        }

        // No task failed: the code itself did, and it alone runs again.
        return failed < 0 ? history.Count : Math.Min(failed, asked + 1);
    }

    private static bool IsFailure(HistoryEvent happened) => happened is TaskFailed or SubOrchestrationInstanceFailed;

    private static GenericEvent Remark(HistoryEvent forgotten, string? reason) => new(forgotten.Timestamp, $"Rewound: {reason} ({forgotten.GetType().Name})");
}
