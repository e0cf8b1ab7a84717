using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine;

/// <summary>Runs one attempt of an activity under a lease: at least once, and one result per activity.</summary>
internal sealed class ActivityRunner(
    IOrchestrationStore store, ITaskFunctions functions, TimeProvider time, EngineOptions options, IEngineFaults faults, ILogger logger)
{
    public async Task Run(ActivityWorkItem item, CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        if (await store.Lease(item, now, now + options.ActivityLease) is not { } activity)
            return;

        faults.BeforeActivity(item);
        using var lease = new CancellationTokenSource(options.ActivityLease, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, stopping);
        var result = await Outcome(activity, ended.Token);
        faults.AfterActivity(item);

        // Cut off, not failed: another attempt follows, after a restart or now that the lease has run out.
        if (result is TaskFailed && ended.IsCancellationRequested)
            logger.LogWarning("Attempt {Attempt} of {Name} for {InstanceId} was cut off.", activity.Attempt, activity.Name, activity.InstanceId);
        else if (!await store.CompleteActivity(activity, result))
            logger.LogWarning("The result of attempt {Attempt} of {Name} for {InstanceId} was discarded: its lease was lost.", activity.Attempt, activity.Name, activity.InstanceId);
    }

    private async Task<HistoryEvent> Outcome(LeasedActivity activity, CancellationToken cancellation)
    {
        if (!functions.HasActivity(activity.Name))
        {
            var unknown = new Failure("(unknown)", $"The function '{activity.Name}' doesn't exist, is disabled, or is not an activity function.");
            return new TaskFailed(time.GetUtcNow(), activity.TaskId, unknown);
        }

        try
        {
            var result = await functions.RunActivity(activity.Name, activity.InstanceId, activity.Input, cancellation);
            return new TaskCompleted(time.GetUtcNow(), activity.TaskId, DurableJson.Serialize(result));
        }
        catch (Exception exception) when (!faults.IsCrash(exception))
        {
            logger.LogInformation(exception, "{Name} failed for {InstanceId}.", activity.Name, activity.InstanceId);
            return new TaskFailed(time.GetUtcNow(), activity.TaskId, Failure.Of(exception));
        }
    }
}
