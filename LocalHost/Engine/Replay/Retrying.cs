namespace LocalHost.Engine.Replay;

/// <summary>Retries inside the orchestration: each wait is a durable timer, each decision is taken again on replay.</summary>
internal static class Retrying
{
    public static Task<string?> Run(ReplayContext context, TaskRetryOptions? retry, Func<Task<string?>> call) => retry switch
    {
        { Policy: { } policy } => ByPolicy(context, policy, call),
        { Handler: { } handler } => ByHandler(context, handler, call),
        _ => call(),
    };

    private static async Task<string?> ByPolicy(ReplayContext context, RetryPolicy policy, Func<Task<string?>> call)
    {
        var start = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            var result = call();
            if (await FailureOf(result) is not { } failed || !IsRetried(failed, attempt))
                return await result;

            await context.CreateTimer(DelayAfter(policy, attempt), CancellationToken.None);
        }

        bool IsRetried(TaskFailedException failed, int attempt) =>
            attempt < policy.MaxNumberOfAttempts
            && policy.HandleFailure(DetailsOf(failed))
            && (policy.RetryTimeout == Timeout.InfiniteTimeSpan || context.CurrentUtcDateTime - start < policy.RetryTimeout);
    }

    private static async Task<string?> ByHandler(ReplayContext context, AsyncRetryHandler handler, Func<Task<string?>> call)
    {
        var start = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            var result = call();
            if (await FailureOf(result) is not { } failed)
                return await result;

            var total = context.CurrentUtcDateTime - start;
            if (!await handler(new Microsoft.DurableTask.RetryContext(context, attempt, DetailsOf(failed), total, CancellationToken.None)))
                return await result;
        }
    }

    /// <summary>Waits without throwing: a replay meets every failed attempt again, and an exception costs more than the rest of the turn.</summary>
    private static async Task<TaskFailedException?> FailureOf(Task<string?> result)
    {
        await ((Task)result).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return result.Exception?.InnerException as TaskFailedException;
    }

    // A sub-orchestration of an unknown name fails without details; what decides about retries always gets some.
    private static TaskFailureDetails DetailsOf(TaskFailedException failed) =>
        failed.FailureDetails ?? new TaskFailureDetails("(unknown)", "(unknown)", null, null, null);

    private static TimeSpan DelayAfter(RetryPolicy policy, int attempt)
    {
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var cap = policy.MaxRetryInterval > TimeSpan.Zero ? policy.MaxRetryInterval : TimeSpan.FromDays(365);
        return ticks >= cap.Ticks ? cap : TimeSpan.FromTicks((long)ticks);
    }
}
