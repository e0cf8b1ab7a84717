using System.Globalization;
using LocalHost.Engine;
using Entry = System.Collections.Generic.OrderedDictionary<string, object?>;

namespace LocalHost.Management;

/// <summary>
/// A history as the extension shows it: what was asked for is told by its answer, which carries its name and time; turns and sent events are left out.
/// </summary>
internal static class HistoryEntries
{
    public static IReadOnlyList<IDictionary<string, object?>> Of(IReadOnlyList<HistoryEvent> history, bool showOutput)
    {
        var asked = history.OfType<ScheduledEvent>().ToDictionary(scheduled => scheduled.EventId);
        return [.. history.Select(happened => Of(happened, asked, showOutput)).OfType<Entry>()];
    }

    private static Entry? Of(HistoryEvent happened, Dictionary<int, ScheduledEvent> asked, bool showOutput) => happened switch
    {
        ExecutionStarted started => Started(started),
        ExecutionCompleted completed => Completed(completed, showOutput),
        ExecutionTerminated terminated => new Entry { ["EventType"] = "ExecutionTerminated", ["Input"] = terminated.Output }.At(terminated),
        ExecutionSuspended suspended => new Entry { ["EventType"] = "ExecutionSuspended", ["Reason"] = suspended.Reason }.At(suspended),
        ExecutionResumed resumed => new Entry { ["EventType"] = "ExecutionResumed", ["Reason"] = resumed.Reason }.At(resumed),
        EventRaised raised => new Entry { ["EventType"] = "EventRaised", ["Name"] = raised.Name, ["Input"] = raised.Input, ["ParentTraceContext"] = null }.At(raised),
        GenericEvent remark => new Entry { ["EventType"] = "GenericEvent", ["Data"] = remark.Data }.At(remark),
        TimerCreated created => new Entry { ["EventType"] = "TimerCreated", ["FireAt"] = Utc(created.FireAt) }.At(created),
        TimerFired fired => new Entry { ["EventType"] = "TimerFired", ["FireAt"] = Utc(fired.FireAt) }.At(fired),
        TaskCompleted completed => new Entry { ["EventType"] = "TaskCompleted" }.WithResult(completed.Result, showOutput).At(completed).For(completed, asked),
        SubOrchestrationInstanceCompleted completed =>
            new Entry { ["EventType"] = "SubOrchestrationInstanceCompleted" }.WithResult(completed.Result, showOutput).At(completed).For(completed, asked),
        TaskFailed failed => Failed("TaskFailed", ReasonOf(failed, asked), failed.Failure).At(failed).For(failed, asked),
        SubOrchestrationInstanceFailed failed =>
            Failed("SubOrchestrationInstanceFailed", failed.Failure.ErrorMessage, failed.Failure, new Entry()).At(failed).For(failed, asked),
        _ => null,
    };

    private static Entry Started(ExecutionStarted started) => new Entry
    {
        ["EventType"] = "ExecutionStarted",
        ["Input"] = started.Input,
        ["Correlation"] = null,
        ["ParentTraceContext"] = null,
        ["ScheduledStartTime"] = started.ScheduledStartTime is { } time ? Utc(time) : null,
        ["Generation"] = started.Generation,
        ["GenerateNewTrace"] = false,
        ["Timestamp"] = Utc(started.Timestamp),
        ["FunctionName"] = started.Name,
    };

    private static Entry Completed(ExecutionCompleted completed, bool showOutput)
    {
        var entry = new Entry { ["EventType"] = "ExecutionCompleted", ["OrchestrationStatus"] = completed.Status.ToString() }.WithResult(completed.Result, showOutput);
        entry["FailureDetails"] = null;
        return entry.At(completed);
    }

    private static Entry Failed(string type, string reason, Failure failure, Entry? properties = null) => new()
    {
        ["EventType"] = type,
        ["Reason"] = reason,
        ["Details"] = null,
        ["FailureDetails"] = Details(failure, properties),
    };

    private static Entry Details(Failure failure, Entry? properties) => new()
    {
        ["ErrorType"] = failure.ErrorType,
        ["ErrorMessage"] = failure.ErrorMessage,
        ["StackTrace"] = failure.StackTrace,
        ["InnerFailure"] = failure.InnerFailure is { } inner ? Details(inner, properties) : null,
        ["IsNonRetriable"] = false,
        ["Properties"] = properties,
    };

    private static string ReasonOf(TaskFailed failed, Dictionary<int, ScheduledEvent> asked) =>
        $"Function '{NameOf(asked.GetValueOrDefault(failed.TaskScheduledId))}' failed with an unhandled exception.";

    private static string? NameOf(ScheduledEvent? asked) => asked switch
    {
        TaskScheduled task => task.Name,
        SubOrchestrationInstanceCreated child => child.Name,
        _ => null,
    };

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);

    extension(Entry entry)
    {
        private Entry At(HistoryEvent happened)
        {
            entry["Timestamp"] = Utc(happened.Timestamp);
            return entry;
        }

        private Entry WithResult(string? result, bool showOutput)
        {
            if (showOutput)
                entry["Result"] = Payload.Parse(result);
            return entry;
        }

        private Entry For(CompletionEvent answer, Dictionary<int, ScheduledEvent> asked)
        {
            var question = asked.GetValueOrDefault(answer.TaskScheduledId);
            entry["ScheduledTime"] = question?.Timestamp.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
            entry["FunctionName"] = NameOf(question);
            entry["Input"] = null;
            return entry;
        }
    }
}
