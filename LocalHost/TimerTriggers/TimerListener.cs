using LocalHost.Functions;
using LocalHost.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalHost.TimerTriggers;

/// <summary>Runs <c>[TimerTrigger]</c> functions when they are due. A schedule that can't be read refuses the start; stopping waits for what runs.</summary>
internal sealed class TimerListener : BackgroundService
{
    // A bound for clocks that jump.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly StoreHealth health;
    private readonly TimeProvider clock;
    private readonly TimerRuns[] timers;

    public TimerListener(
        FunctionCatalog functions, FunctionInvoker invoker, TimerStatusStore store, IConfiguration settings, StoreHealth health, TimeProvider clock,
        ILogger<TimerListener> logger)
    {
        this.health = health;
        this.clock = clock;
        timers = [.. functions.Of(FunctionKind.Timer).Select(function =>
            new TimerRuns(function, TimerSchedule.Of(function, settings, clock.GetUtcNow().UtcDateTime), invoker, store, health, clock, logger))];
    }

    // Each on its own: a function may block its thread.
    protected override Task ExecuteAsync(CancellationToken stopping) =>
        Task.WhenAll(timers.Select(timer => Task.Run(() => Run(timer, stopping), CancellationToken.None)));

    private async Task Run(TimerRuns timer, CancellationToken stopping)
    {
        await timer.Start(stopping);
        while (!stopping.IsCancellationRequested)
        {
            await timer.RunIfDue(stopping);
            var wait = timer.UntilNext < LongestWait && !health.IsDamaged ? timer.UntilNext : LongestWait;
            await Task.Delay(wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
