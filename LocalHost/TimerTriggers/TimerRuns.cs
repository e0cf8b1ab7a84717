using LocalHost.Functions;
using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.TimerTriggers;

/// <summary>One timer function: when it is due next, and its runs, one at a time. What is missed during a run or while the host is down is made up once.</summary>
internal sealed class TimerRuns
{
    private readonly LocalFunction function;
    private readonly TimerSchedule schedule;
    private readonly FunctionInvoker invoker;
    private readonly TimerStatusStore? store;
    private readonly StoreHealth health;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private TimerStatus status;

    public TimerRuns(
        LocalFunction function, TimerSchedule schedule, FunctionInvoker invoker, TimerStatusStore store, StoreHealth health, TimeProvider clock, ILogger logger)
    {
        (this.function, this.schedule, this.invoker, this.health, this.clock, this.logger) = (function, schedule, invoker, health, clock, logger);
        status = TimerStatus.New(schedule, Now);
        if (!Trigger.UseMonitor || !schedule.IsSlow(Now))
            return;

        this.store = store;
        status = store.Read(function.Name)?.Under(schedule, Now) ?? status;
        store.Write(function.Name, status);
    }

    /// <summary>Zero: it is due.</summary>
    public TimeSpan UntilNext => status.Next > Now ? status.Next - Now : TimeSpan.Zero;

    private TimerTriggerAttribute Trigger => (TimerTriggerAttribute)function.TriggerAttribute;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Runs at once what was missed while the host was down, or what is to run at each start.</summary>
    public async Task Start(CancellationToken stopping)
    {
        if (Now > status.Next)
            await Run(isPastDue: true, stopping);
        else if (Trigger.RunOnStartup)
            await Run(isPastDue: false, stopping);
    }

    public async Task RunIfDue(CancellationToken stopping)
    {
        if (status.IsFromTheFuture(Now))
            status = TimerStatus.New(schedule, Now);
        if (UntilNext == TimeSpan.Zero && !health.IsDamaged)
            await Run(isPastDue: false, stopping);
    }

    private async Task Run(bool isPastDue, CancellationToken stopping)
    {
        var started = Now;
        try
        {
            var timer = TimerJson.Write(schedule, store is null ? null : status, isPastDue);
            await using var invocation = invoker.Begin(function, TriggerInput.OfTimer(timer), stopping);
            await invocation.Run();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Cut off: what was due stays due, and the next start makes it up.
            return;
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Function '{Function}' failed; it runs again when it is due next.", function.Name);
            if (StoreFault.IsUnavailable(exception))
                health.Failed(exception);
        }

        status = TimerStatus.After(started, schedule);
        Keep();
    }

    private void Keep()
    {
        try
        {
            store?.Write(function.Name, status);
        }
        catch (Exception failure) when (StoreFault.IsUnavailable(failure))
        {
            // Unless a later run is noted, the next start makes this one up once more.
            health.Failed(failure);
        }
    }
}
