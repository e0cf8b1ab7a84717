using System.Collections.Concurrent;
using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine;

/// <summary>Runs one attempt of an activity under a lease: at least once, and one result per activity.</summary>
internal sealed class ActivityRunner(
    IOrchestrationStore store, ITaskFunctions functions, TimeProvider time, EngineOptions options, IEngineFaults faults, StoreHealth health, ILogger logger)
{
    private readonly ConcurrentDictionary<long, int> pastLease = new();

    /// <param name="giveUp">Called when the attempt outlasts its lease: another may take over, while this one still runs if it doesn't heed its token.</param>
    public async Task Run(ActivityWorkItem item, Action giveUp, CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        if (await store.Lease(item, now, now + options.ActivityLease) is not { } activity)
            return;

        faults.BeforeActivity(item);
        using var lease = new CancellationTokenSource(options.ActivityLease, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, stopping);
        HistoryEvent result;
        using (lease.Token.Register(() => Outlast(activity, giveUp)))
            result = await Outcome(activity, ended.Token);
        faults.AfterActivity(item);

        // Cut off, not failed: another attempt follows, after a restart or now that the lease has run out.
        if (result is TaskFailed && ended.IsCancellationRequested)
            logger.LogWarning("Attempt {Attempt} of {Name} for {InstanceId} was cut off.", activity.Attempt, activity.Name, activity.InstanceId);
        else if (await Store(activity, result, ended.Token))
            pastLease.TryRemove(activity.Id, out _);
        else
            logger.LogWarning("The result of attempt {Attempt} of {Name} for {InstanceId} was discarded: its lease was lost.", activity.Attempt, activity.Name, activity.InstanceId);
    }

    // What the activity did is done, so its result is kept while the store fails: for as long as nobody else may run it.
    private async Task<bool> Store(LeasedActivity activity, HistoryEvent result, CancellationToken ended)
    {
        while (true)
        {
            try
            {
                return await store.CompleteActivity(activity, result);
            }
            catch (Exception failure) when (StoreFault.IsUnavailable(failure) && !ended.IsCancellationRequested && !health.IsDamaged)
            {
                health.Failed(failure);
                await Task.Delay(options.StoreRetryDelay, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Outlast(LeasedActivity activity, Action giveUp)
    {
        pastLease.AddOrUpdate(activity.Id, 1, (_, attempts) => attempts + 1);
        logger.LogError(
            "Attempt {Attempt} of {Name} for {InstanceId} has outlasted its lease of {Lease}: it is cancelled, and another may take over.",
            activity.Attempt,
            activity.Name,
            activity.InstanceId,
            options.ActivityLease);
        giveUp();
    }

    private async Task<HistoryEvent> Outcome(LeasedActivity activity, CancellationToken cancellation)
    {
        if (!functions.HasActivity(activity.Name))
        {
            var unknown = Failure.WithoutDetails($"The function '{activity.Name}' doesn't exist, is disabled, or is not an activity function.");
            return new TaskFailed(time.GetUtcNow(), activity.TaskId, unknown);
        }

        if (pastLease.TryGetValue(activity.Id, out var attempts) && attempts >= options.AttemptsPastLease)
        {
            var late = $"{attempts} attempts of '{activity.Name}' took longer than {options.ActivityLease} each; whether one had an effect isn't known.";
            return new TaskFailed(time.GetUtcNow(), activity.TaskId, new Failure(typeof(TimeoutException).FullName!, late));
        }

        try
        {
            var result = await functions.RunActivity(activity.Name, activity.InstanceId, ActivityInput.ArrivalOf(activity.Input), cancellation);
            return new TaskCompleted(time.GetUtcNow(), activity.TaskId, DurableJson.SerializeUnescaped(result));
        }
        // Damage under an activity is the host's end, not the activity's: it runs again once the file is restored.
        catch (Exception exception) when (!faults.IsCrash(exception) && !StoreFault.IsDamage(exception))
        {
            logger.LogInformation(exception, "{Name} failed for {InstanceId}.", activity.Name, activity.InstanceId);
            return new TaskFailed(time.GetUtcNow(), activity.TaskId, Failure.Of(exception));
        }
    }
}
