using LocalHost.Storage;

namespace LocalHost.Engine;

/// <summary>Terminate, suspend, resume and purge.</summary>
public sealed partial class LocalDurableTaskClient
{
    private const int PurgeBatch = 500;

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var output = options?.Output is { } value ? DurableJson.Serialize(value) : null;
        var status = store.Send(instanceId, new ExecutionTerminated(engine.Time.GetUtcNow(), output));
        if ((status ?? throw Unknown(instanceId)).IsFinished())
            throw new InvalidOperationException($"Cannot terminate the orchestration instance {instanceId} because instance is in the {status} state.");

        Announce(instanceId);
        return Task.CompletedTask;
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (store.Find(instanceId) is { Status: OrchestrationRuntimeStatus.Suspended })
            throw new InvalidOperationException($"Cannot suspend the orchestration instance {instanceId} because instance is in the Suspended state.");

        return Control("suspend", instanceId, new ExecutionSuspended(engine.Time.GetUtcNow(), reason));
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Control("resume", instanceId, new ExecutionResumed(engine.Time.GetUtcNow(), reason));
    }

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (store.Find(instanceId) is { } instance && !instance.Status.IsFinished())
        {
            throw new InvalidOperationException(
                $"Only orchestrations in a terminal state can be purged, but the orchestration with instance ID {instanceId} has status {instance.Status}");
        }

        return Task.FromResult(new PurgeResult(store.Purge(instanceId) ? 1 : 0));
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var page = new InstanceFilter(PurgeBatch)
        {
            CreatedFrom = filter.CreatedFrom,
            CreatedTo = filter.CreatedTo,
            Statuses = [.. filter.Statuses ?? []],
        };
        var purged = 0;
        while (store.List(page) is [.., var last] instances)
        {
            cancellation.ThrowIfCancellationRequested();
            purged += instances.Count(instance => store.Purge(instance.InstanceId));
            page = page with { AfterId = last.InstanceId };
        }

        return Task.FromResult(new PurgeResult(purged));
    }

    private Task Control(string verb, string instanceId, HistoryEvent message)
    {
        var status = store.Send(instanceId, message) ?? throw Unknown(instanceId);
        if (status.IsFinished())
            throw new InvalidOperationException($"Cannot {verb} the orchestration instance {instanceId} because instance is in the {status} state.");

        Announce(instanceId);
        return Task.CompletedTask;
    }
}
