using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine;

/// <summary>
/// Pumps the engine in production: several turns and activities at once, woken by new work and by the next visible time.
/// Stopping waits a while for what runs; the rest goes on after the next start.
/// </summary>
public sealed class EngineService(DurableEngine engine, ILogger<EngineService> logger) : BackgroundService, IHostedLifecycleService
{
    private readonly Lanes turns = new(engine.Options.ConcurrentTurns);
    private readonly Lanes activities = new(engine.Options.ConcurrentActivities);
    private readonly CancellationTokenSource abandon = new();
    private readonly CancellationTokenSource lastCall = new();
    private ITimer? untilLastCall;
    private DateTimeOffset? next;

    /// <summary>
    /// The host lets its requests finish first, and they may wait for work that is done here. But one that doesn't end would use up all of the
    /// time: half of it is the engine's.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        untilLastCall = engine.Time.CreateTimer(_ => lastCall.Cancel(), null, engine.Options.DrainTimeout / 2, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leave the thread that starts the host.
        await Task.Yield();
        await Retrying(engine.ReleaseLeases, stoppingToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, engine.Health.Damaged, lastCall.Token);
        while (!ended.IsCancellationRequested)
        {
            await Retrying(
                () =>
                {
                    Dispatch();
                    return Task.CompletedTask;
                },
                ended.Token);
            await WaitForWork(ended.Token);
        }

        await Drain();
    }

    public override void Dispose()
    {
        // Whose time may be up at this moment: what it cancels holds nothing and isn't disposed.
        untilLastCall?.Dispose();
        abandon.Dispose();
        base.Dispose();
    }

    private void Dispatch()
    {
        var work = engine.Look(turns.Free, activities.Free);
        next = work.Next;
        foreach (var turn in work.Turns)
            Start(turn, turns);
        foreach (var activity in work.Activities)
            Start(activity, activities);
    }

    private void Start(WorkItem item, Lanes lanes)
    {
        if (engine.TryTake(item) is { } hold)
            lanes.Run(() => RunTaken(item, hold), whenFree: engine.Work.Set, hold.GivenUp);
    }

    private async Task RunTaken(WorkItem item, Hold hold)
    {
        try
        {
            await engine.RunTaken(item, hold, abandon.Token);
            engine.Health.Works();
        }
        catch (Exception failure)
        {
            Tell(failure, item.InstanceId, hold);
            // Kept in hand meanwhile: it would be picked up again at once.
            await Delay(engine.Options.StoreRetryDelay, abandon.Token);
        }
        finally
        {
            engine.Return(hold);
        }
    }

    private async Task WaitForWork(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var work = engine.Work.Wait(ended.Token);
        await Task.WhenAny(work, Delay(UntilNextVisible(), ended.Token));
        await ended.CancelAsync();
        await Task.WhenAny(work);
    }

    // As of the last look: what became visible since then has been seen by nobody. What was visible before waits for a free lane or is
    // in hand: whoever frees it signals.
    private TimeSpan UntilNextVisible()
    {
        var wait = next - engine.Time.GetUtcNow();
        if (wait is null || wait > LongestWait)
            return LongestWait;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait.Value;
    }

    private async Task Retrying(Func<Task> action, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception failure)
            {
                engine.Health.Failed(failure);
                await Delay(engine.Options.StoreRetryDelay, stopping);
            }
        }
    }

    private async Task Drain()
    {
        var longest = lastCall.IsCancellationRequested ? engine.Options.DrainTimeout / 2 : engine.Options.DrainTimeout;
        var running = Task.WhenAll(turns.Idle(), activities.Idle());
        if (await Task.WhenAny(running, Delay(longest, CancellationToken.None)) == running)
            return;

        logger.LogWarning("Stopping with work under way: it goes on after the next start.");
        await abandon.CancelAsync();
    }

    private void Tell(Exception failure, string instanceId, Hold hold)
    {
        if (StoreFault.IsUnavailable(failure))
        {
            engine.Health.Failed(failure);
            return;
        }

        logger.LogError(failure, "A work item of {InstanceId} failed; it will be tried again.", instanceId);
        // Others may well succeed: they get the lane.
        hold.GiveUp();
    }

    private async Task Delay(TimeSpan delay, CancellationToken cancellation) =>
        await Task.Delay(delay, engine.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // A bound for clocks that jump.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
}
