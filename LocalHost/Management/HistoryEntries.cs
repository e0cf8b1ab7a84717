using System.Globalization;
using LocalHost.Engine;
using Entry = System.Collections.Generic.OrderedDictionary<string, object?>;

namespace LocalHost.Management;

/// <summary>
/// A history as the extension shows it: what was asked for is told by its answer, which carries its name and time; turns and sent events are
/// left out. The engine's events have the extension's names.
/// </summary>
internal sealed class HistoryEntries(IReadOnlyList<HistoryEvent> history, bool showOutput)
{
    private readonly Dictionary<int, ScheduledEvent> asked = history.OfType<ScheduledEvent>().ToDictionary(scheduled => scheduled.EventId);

    public IReadOnlyList<IDictionary<string, object?>> All() => [.. history.Select(Of).OfType<Entry>()];

    private Entry? Of(HistoryEvent happened) => happened switch
    {
        ExecutionStarted started => Started(started),
        ExecutionCompleted completed => Entry(completed, ("OrchestrationStatus", completed.Status.ToString()), Result(completed.Result), ("FailureDetails", null)),
        ExecutionTerminated terminated => Entry(terminated, ("Input", terminated.Output)),
        ExecutionSuspended suspended => Entry(suspended, ("Reason", suspended.Reason)),
        ExecutionResumed resumed => Entry(resumed, ("Reason", resumed.Reason)),
        EventRaised raised => Entry(raised, ("Name", raised.Name), ("Input", raised.Input), ("ParentTraceContext", null)),
        GenericEvent remark => Entry(remark, ("Data", remark.Data)),
        TimerCreated created => Entry(created, ("FireAt", InUtc(created.FireAt))),
        TimerFired fired => Entry(fired, ("FireAt", InUtc(fired.FireAt))),
        TaskCompleted completed => Answer(completed, Result(completed.Result)),
        SubOrchestrationInstanceCompleted completed => Answer(completed, Result(completed.Result)),
        TaskFailed failed => Failed(failed, $"Function '{NameOf(failed)}' failed with an unhandled exception.", failed.Failure, properties: null),
        // Here, and only here, the extension writes an empty object for the properties.
        SubOrchestrationInstanceFailed failed => Failed(failed, failed.Failure.ErrorMessage, failed.Failure, properties: new Entry()),
        _ => null,
    };

    private static Entry Started(ExecutionStarted started)
    {
        var entry = Entry(
            started,
            ("Input", started.Input),
            ("Correlation", null),
            ("ParentTraceContext", null),
            ("ScheduledStartTime", started.ScheduledStartTime is { } time ? InUtc(time) : null),
            ("Generation", started.Generation),
            ("GenerateNewTrace", false));
        entry.Add("FunctionName", started.Name);
        return entry;
    }

    private Entry Failed(CompletionEvent failed, string reason, Failure failure, Entry? properties) =>
        Answer(failed, ("Reason", reason), ("Details", null), ("FailureDetails", Details(failure, properties)));

    private static Entry Details(Failure failure, Entry? properties) => new()
    {
        ["ErrorType"] = failure.ErrorType,
        ["ErrorMessage"] = failure.ErrorMessage,
        ["StackTrace"] = failure.StackTrace,
        ["InnerFailure"] = failure.InnerFailure is { } inner ? Details(inner, properties) : null,
        ["IsNonRetriable"] = false,
        ["Properties"] = properties,
    };

    private Entry Answer(CompletionEvent answer, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var entry = Entry(answer, members);
        entry.Add("ScheduledTime", asked.GetValueOrDefault(answer.TaskScheduledId) is { } question ? InUtc(question.Timestamp, "zzz") : null);
        entry.Add("FunctionName", NameOf(answer));
        entry.Add("Input", null);
        return entry;
    }

    private static Entry Entry(HistoryEvent happened, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var entry = new Entry { ["EventType"] = happened.GetType().Name };
        foreach (var (name, value) in members)
        {
            if (name.Length > 0)
                entry.Add(name, value);
        }

        entry.Add("Timestamp", InUtc(happened.Timestamp));
        return entry;
    }

    // Without a name it isn't written: a result that wasn't asked for.
    private (string Name, object? Value) Result(string? result) => (showOutput ? "Result" : string.Empty, showOutput ? Payload.Parse(result) : null);

    private string? NameOf(CompletionEvent answer) => asked.GetValueOrDefault(answer.TaskScheduledId) switch
    {
        TaskScheduled task => task.Name,
        SubOrchestrationInstanceCreated child => child.Name,
        _ => null,
    };

    private static string InUtc(DateTimeOffset time, string offset = "'Z'") =>
        time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF" + offset, CultureInfo.InvariantCulture);
}
