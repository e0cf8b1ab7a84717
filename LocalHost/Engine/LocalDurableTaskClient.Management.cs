using LocalHost.Storage;

namespace LocalHost.Engine;

/// <summary>Terminate, suspend, resume, restart, rewind and purge.</summary>
public sealed partial class LocalDurableTaskClient
{
    private const int PurgeBatch = 500;

    public override async Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var output = options?.Output is { } value ? DurableJson.Serialize(value) : null;
        var status = await store.Send(instanceId, new ExecutionTerminated(engine.Time.GetUtcNow(), output));
        if ((status ?? throw Refused(RpcStatusCode.NotFound, $"ArgumentException: {Unknown(instanceId)}")).IsFinished())
        {
            throw Refused(
                RpcStatusCode.FailedPrecondition,
                $"InvalidOperationException: Cannot terminate the orchestration instance {instanceId} because instance is in the {status} state.");
        }

        Announce(instanceId);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (store.Find(instanceId) is { Status: OrchestrationRuntimeStatus.Suspended })
            throw Unhandled();

        return Control(instanceId, new ExecutionSuspended(engine.Time.GetUtcNow(), reason));
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Control(instanceId, new ExecutionResumed(engine.Time.GetUtcNow(), reason));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (store.Find(instanceId) is { } instance && !instance.Status.IsFinished())
        {
            throw new InvalidOperationException(
                $"Only orchestrations in a terminal state can be purged, but the orchestration with instance ID {instanceId} has status {instance.Status}");
        }

        return new PurgeResult(await store.Purge([instanceId]));
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
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
            purged += await store.Purge([.. instances.Select(instance => instance.InstanceId)]);
            page = page with { AfterId = last.InstanceId };
        }

        return new PurgeResult(purged);
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var instance = store.Find(instanceId) ?? throw NotFound(instanceId);
        var now = engine.Time.GetUtcNow();
        var restarted = new NewInstance(restartWithNewInstanceId ? InstanceIds.New() : instanceId, instance.Name, instance.Input, now, now)
        {
            Tags = instance.Tags,
            Version = instance.Version,
        };
        if (await store.Create(restarted, refused: []) is not null)
            throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted.");

        Announce(restarted.InstanceId);
        return restarted.InstanceId;
    }

    public override async Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if ((await store.Rewind(instanceId, reason, engine.Time.GetUtcNow()) ?? throw NotFound(instanceId)) is not OrchestrationRuntimeStatus.Failed)
            throw new InvalidOperationException("The rewind operation is only supported on failed orchestration instances.");

        Announce(instanceId);
    }

    private async Task Control(string instanceId, HistoryEvent message)
    {
        if ((await store.Send(instanceId, message) ?? throw Unhandled()).IsFinished())
            throw Unhandled();

        Announce(instanceId);
    }

    // The Functions host doesn't say why it refuses to suspend or resume.
    private static RpcException Unhandled() => Refused(RpcStatusCode.Unknown, "Exception was thrown by handler.");

    private static ArgumentException NotFound(string instanceId) => new($"An orchestration with the instanceId {instanceId} was not found.");
}
