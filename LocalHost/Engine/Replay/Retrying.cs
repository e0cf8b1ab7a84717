namespace LocalHost.Engine.Replay;

/// <summary>Retries inside the orchestration: each wait is a durable timer, each decision is taken again on replay.</summary>
internal static class Retrying
{
    public static Task<T> Run<T>(ReplayContext context, TaskRetryOptions? retry, Func<Task<T>> call) => retry switch
    {
        { Policy: { } policy } => ByPolicy(context, policy, call),
        { Handler: { } handler } => ByHandler(context, handler, call),
        _ => call(),
    };

    private static async Task<T> ByPolicy<T>(ReplayContext context, RetryPolicy policy, Func<Task<T>> call)
    {
        var start = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed)
            {
                if (!IsRetried(failed, attempt))
                    throw;
            }

            await context.CreateTimer(DelayAfter(policy, attempt), CancellationToken.None);
        }

        bool IsRetried(TaskFailedException failed, int attempt) =>
            attempt < policy.MaxNumberOfAttempts
            && policy.HandleFailure(failed.FailureDetails)
            && (policy.RetryTimeout == Timeout.InfiniteTimeSpan || context.CurrentUtcDateTime - start < policy.RetryTimeout);
    }

    private static async Task<T> ByHandler<T>(ReplayContext context, AsyncRetryHandler handler, Func<Task<T>> call)
    {
        var start = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed)
            {
                var total = context.CurrentUtcDateTime - start;
                if (!await handler(new Microsoft.DurableTask.RetryContext(context, attempt, failed.FailureDetails, total, CancellationToken.None)))
                    throw;
            }
        }
    }

    private static TimeSpan DelayAfter(RetryPolicy policy, int attempt)
    {
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var cap = policy.MaxRetryInterval > TimeSpan.Zero ? policy.MaxRetryInterval : TimeSpan.FromDays(365);
        return ticks >= cap.Ticks ? cap : TimeSpan.FromTicks((long)ticks);
    }
}
