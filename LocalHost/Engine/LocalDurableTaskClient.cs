using LocalHost.Storage;

namespace LocalHost.Engine;

/// <summary>The durable client of functions on this host. Waits are woken by the engine instead of polling.</summary>
public sealed partial class LocalDurableTaskClient(DurableEngine engine) : DurableTaskClient("LocalHost")
{
    private readonly IOrchestrationStore store = engine.Store;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var now = engine.Time.GetUtcNow();
        var instanceId = options?.InstanceId ?? InstanceIds.New();
        var startsAt = options?.StartAt is { } startAt && startAt > now ? startAt : now;
        var refused = options?.DedupeStatuses?.Select(status => Enum.Parse<OrchestrationRuntimeStatus>(status, ignoreCase: true)).ToHashSet() ?? [];

        var instance = new NewInstance(instanceId, orchestratorName, DurableJson.Serialize(input), now, startsAt)
        {
            Tags = options?.Tags is { Count: > 0 } tags ? tags : null,
            Version = options?.Version?.Version ?? engine.Options.Versions.Default,
        };
        if (await store.Create(instance, refused) is not null)
            throw new OrchestrationAlreadyExistsException($"An Orchestration instance with the ID {instanceId} already exists.");

        Announce(instanceId);
        return instanceId;
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var raised = new EventRaised(engine.Time.GetUtcNow(), eventName, DurableJson.Serialize(eventPayload));
        if ((await store.Send(instanceId, raised) ?? throw Refused(RpcStatusCode.NotFound, Unknown(instanceId))).IsFinished())
            throw Refused(RpcStatusCode.FailedPrecondition, "The orchestration instance with the provided instance id is not running.");

        Announce(instanceId);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitUntil(instanceId, status => status is not OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation, nameof(WaitForInstanceStartAsync));

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitUntil(instanceId, status => status.IsFinished(), getInputsAndOutputs, cancellation, nameof(WaitForInstanceCompletionAsync));

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(store.Find(instanceId) is { } instance ? Metadata.Of(instance, getInputsAndOutputs) : null);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new InstancePages(store, filter ?? new OrchestrationQuery());

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // An unknown instance may still come: as in production, only cancelling ends the wait for it.
    private async Task<OrchestrationMetadata> WaitUntil(
        string instanceId, Func<OrchestrationRuntimeStatus, bool> reached, bool getInputsAndOutputs, CancellationToken cancellation, string operation)
    {
        try
        {
            while (true)
            {
                using var watcher = engine.Instances.Watch(instanceId);
                if (store.Find(instanceId) is { } instance && reached(instance.Status))
                    return Metadata.Of(instance, getInputsAndOutputs);
                await watcher.Change.WaitAsync(cancellation);
            }
        }
        catch (OperationCanceledException cancelled) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException($"The {operation} operation was canceled.", cancelled, cancellation);
        }
    }

    private void Announce(string instanceId)
    {
        engine.Work.Set();
        engine.Instances.Changed(instanceId);
    }

    // As the client throws it that talks to the Functions host: code that tells one refusal from another works on both.
    private static RpcException Refused(RpcStatusCode code, string detail) => new(new RpcStatus(code, detail));

    private static string Unknown(string instanceId) => $"No instance with ID '{instanceId}' was found. (Parameter '{nameof(instanceId)}')";
}
