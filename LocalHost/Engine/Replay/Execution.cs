namespace LocalHost.Engine.Replay;

/// <summary>How an instance stands at the end of a turn.</summary>
internal sealed record Conclusion(OrchestrationRuntimeStatus Status, string? Output = null, string? CustomStatus = null)
{
    public Failure? Failure { get; init; }

    public NextGeneration? ContinuedAsNew { get; init; }
}

/// <summary>Applies events, old and new, in order to the running code.</summary>
internal sealed class Execution(ITaskFunctions functions, ReplayContext context, TurnThread thread)
{
    private readonly Queue<HistoryEvent> heldBack = new();
    private Task<object?>? code;
    private ExecutionSuspended? suspended;
    private ExecutionTerminated? terminated;
    private int generation;

    public void Apply(IEnumerable<HistoryEvent> events)
    {
        foreach (var happened in events)
        {
            if (context.Fatal is not null || terminated is not null)
                return;

            Apply(happened);
            RunPosted();
        }
    }

    public Conclusion Conclude()
    {
        if (terminated is not null)
            return new(OrchestrationRuntimeStatus.Terminated, terminated.Output, context.CustomStatus);
        if (thread.SawForeignThread || IsStuck)
            Fail(new Failure(typeof(InvalidOperationException).FullName!, TurnThread.InvalidAsynchronousInvocation));
        if (context.Tasks.Overfull)
            Fail(Outputs.TooManyActions, wrapped: true);
        if (context.CustomStatus is { Length: > Outputs.CustomStatusLimit } status)
            Fail(Outputs.CustomStatusTooLarge(status.Length), wrapped: true);
        if (context.Fatal is { } fatal)
            return new(OrchestrationRuntimeStatus.Failed, fatal.Output) { Failure = fatal.Failure };
        if (suspended is not null)
            return new(OrchestrationRuntimeStatus.Suspended, suspended.Reason, context.CustomStatus);
        // Also code that has returned waits for what it started.
        return code is not { IsCompleted: true } || context.Tasks.Count > 0 ? new(RunningOrPending, null, context.CustomStatus) : Finish(code);
    }

    private Conclusion Finish(Task<object?> code)
    {
        if (code.Exception?.InnerException is { } thrown)
            return Failed(Failure.Of(thrown));
        if (code.IsCanceled)
            return Failed(Failure.Of(new TaskCanceledException()));
        if (context.NextGeneration is not { } next)
            return Completed(code.Result);

        var unread = next.PreserveUnprocessedEvents ? context.Events.Unread : [];
        return new(OrchestrationRuntimeStatus.Running, null, context.CustomStatus) { ContinuedAsNew = new(next.Input, unread, generation + 1) };
    }

    private Conclusion Completed(object? result)
    {
        try
        {
            return new(OrchestrationRuntimeStatus.Completed, DurableJson.Serialize(result), context.CustomStatus);
        }
        catch (Exception unwritable)
        {
            // The code's own types can throw anything here: a getter, a cycle.
            return Failed(Failure.Of(unwritable));
        }
    }

    private Conclusion Failed(Failure failure) => new(OrchestrationRuntimeStatus.Failed, failure.ToOutput(), context.CustomStatus) { Failure = failure };

    private OrchestrationRuntimeStatus RunningOrPending => code is null ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Running;

    // Nothing durable could ever wake it: it awaits a task that isn't durable.
    private bool IsStuck => code is { IsCompleted: false } && suspended is null && context.Tasks.Count == 0 && !context.Events.AnyWaits;

    private void Apply(HistoryEvent happened)
    {
        switch (happened)
        {
            case ExecutionTerminated end:
                terminated = end;
                break;
            case ExecutionSuspended pause:
                suspended ??= pause;
                break;
            case ExecutionResumed:
                Resume();
                break;
            case OrchestratorStarted started:
                context.Now = started.Timestamp;
                break;
            case ScheduledEvent recorded:
                if (context.Difference(recorded) is { } difference)
                    Fail(difference);
                break;
            default:
                if (suspended is null)
                    Deliver(happened);
                else
                    heldBack.Enqueue(happened);
                break;
        }
    }

    private void Resume()
    {
        suspended = null;
        while (context.Fatal is null && heldBack.TryDequeue(out var held))
        {
            Deliver(held);
            RunPosted();
        }
    }

    private void Deliver(HistoryEvent happened)
    {
        switch (happened)
        {
            case ExecutionStarted started when !functions.HasOrchestrator(started.Name):
                var reason = Outputs.UnknownOrchestrator(started.Name, functions.Orchestrators);
                context.Fail(Failure.WithoutDetails(reason), Outputs.OfHost(reason, details: null));
                break;
            // Only at its start: what already runs isn't broken off because a host with an older default came after.
            case ExecutionStarted { Generation: 0 } when !context.Replaying && context.Refusal is { } refusal:
                Fail(refusal);
                break;
            case ExecutionStarted started:
                context.Input = started.Input;
                generation = started.Generation;
                code = Start(started.Name);
                break;
            case EventRaised raised:
                context.Events.Deliver(raised);
                break;
            case TaskCompleted completed:
                context.Tasks.Complete(completed.TaskScheduledId, completed.Result);
                break;
            case SubOrchestrationInstanceCompleted completed:
                context.Tasks.Complete(completed.TaskScheduledId, completed.Result);
                break;
            case TimerFired fired:
                context.Tasks.Complete(fired.TaskScheduledId, null);
                break;
            case TaskFailed failed:
                context.Tasks.Fail(failed.TaskScheduledId, failed.Failure.OfActivity);
                break;
            case SubOrchestrationInstanceFailed failed:
                context.Tasks.Fail(failed.TaskScheduledId, failed.Failure.OfSubOrchestration);
                break;
        }
    }

    private void RunPosted()
    {
        try
        {
            thread.RunPosted();
        }
        catch (Exception thrown)
        {
            // By an async void: no task carries it.
            Fail(Failure.Of(thrown));
        }
    }

    private async Task<object?> Start(string name) => await functions.RunOrchestrator(name, context);

    private void Fail(Failure failure, bool wrapped = false) =>
        context.Fail(failure, wrapped ? Outputs.Unhandled(context.Name, failure) : failure.ToOutput());
}
