using Microsoft.Extensions.Logging;

namespace LocalHost.Engine.Replay;

/// <summary>The context that orchestrator code sees for one turn: it records what the code asks for and answers from the history.</summary>
internal sealed class ReplayContext(Storage.Instance instance, TurnThread thread, ILoggerFactory loggerFactory, Versioning versions) : TaskOrchestrationContext
{
    private int guids;

    public OpenTasks Tasks { get; } = new();

    public ExternalEvents Events { get; } = new();

    public List<int> CancelledTimers { get; } = [];

    public (string Input, bool PreserveUnprocessedEvents)? NextGeneration { get; private set; }

    /// <summary>JSON, from the history's start.</summary>
    public string? Input { get; set; }

    /// <summary>Null: never set in this generation.</summary>
    public string? CustomStatus { get; private set; }

    /// <summary>Ends the instance whatever its code does; the code can't catch it.</summary>
    public (Failure Failure, string Output)? Fatal { get; private set; }

    public DateTimeOffset Now { get; set; }

    public bool Replaying { get; set; }

    /// <summary>Why this host doesn't start the instance; null if it does.</summary>
    public Failure? Refusal => versions.Runs(instance.Version) ? null : Outputs.VersionMismatch(instance, versions);

    public override TaskName Name => instance.Name;

    public override string InstanceId => instance.InstanceId;

    public override string Version => instance.Version ?? string.Empty;

    public override ParentOrchestrationInstance? Parent { get; } =
        instance.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => Now.UtcDateTime;

    public override bool IsReplaying => Replaying;

    protected override ILoggerFactory LoggerFactory => loggerFactory;

    public override T? GetInput<T>()
        where T : default => DurableJson.Deserialize<T>(Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        thread.Check();
        var json = DurableJson.Serialize(input);
        return Read<TResult>(Retrying.Run(this, options?.Retry, () => Tasks.Schedule(name, id => new TaskScheduled(Now, id, name, json), out _)));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        thread.Check();
        var json = DurableJson.Serialize(input);
        var tags = options?.Tags is { Count: > 0 } given ? new Dictionary<string, string>(given) : null;
        // Every attempt of a retried sub-orchestration runs under the same id.
        var child = (options as SubOrchestrationOptions)?.InstanceId ?? NextGuid().ToString("N");
        return Read<TResult>(Retrying.Run(this, options?.Retry, () =>
            Tasks.Schedule(orchestratorName, id => new SubOrchestrationInstanceCreated(Now, id, orchestratorName, child, json) { Tags = tags, Version = options?.Version?.Version ?? versions.Default }, out _)));
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        thread.Check();
        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        var fired = Tasks.Schedule("Timer", id => new TimerCreated(Now, id, utc), out var timer);
        using var registration = cancellationToken.Register(() => CancelTimer(timer, cancellationToken));
        await fired;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        thread.Check();
        if (cancellationToken.IsCancellationRequested)
            return await Task.FromCanceled<T>(cancellationToken);

        var received = new TaskCompletionSource<T>();
        var waiter = Events.Wait(eventName, raised => Receive(raised, received));
        using var registration = cancellationToken.Register(() =>
        {
            if (thread.IsCurrent && waiter is not null && Events.Abandon(waiter))
                received.SetCanceled(cancellationToken);
        });
        return await received.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        thread.Check();
        var json = DurableJson.Serialize(payload);
        Tasks.ScheduleOneWay(id => new EventSent(Now, id, instanceId, eventName, json));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        thread.Check();
        CustomStatus = DurableJson.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        thread.Check();
        NextGeneration = (DurableJson.Serialize(newInput), preserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        thread.Check();
        return NextGuid();
    }

    /// <summary>The turn is stored: what it asked for is history.</summary>
    public void Stored()
    {
        Tasks.ConfirmAll();
        CancelledTimers.Clear();
    }

    /// <returns>Null where the code asked for what its history says.</returns>
    public Failure? Difference(ScheduledEvent recorded) => Nondeterminism.Between(instance, recorded, Tasks.Confirm(recorded));

    /// <summary>What to give back once this run of the code goes no further, also where it stopped in the middle.</summary>
    public Action? Release { get; set; }

    public void Fail(Failure failure, string output) => Fatal ??= (failure, output);

    private Guid NextGuid() => DeterministicGuid.Of($"{instance.InstanceId}/{instance.ExecutionId}/{guids++}");

    private static async Task<T> Read<T>(Task<string?> result) => DurableJson.Deserialize<T>(await result)!;

    private void CancelTimer(int timer, CancellationToken cancellation)
    {
        if (thread.IsCurrent && Tasks.Cancel(timer, cancellation) && !Replaying)
            CancelledTimers.Add(timer);
    }

    private void Receive<T>(EventRaised raised, TaskCompletionSource<T> received)
    {
        T? payload;
        try
        {
            payload = DurableJson.Deserialize<T>(raised.Input);
        }
        catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or NotSupportedException)
        {
            // As in production: the instance fails, and its code can't catch it.
            var failure = Failure.Of(unreadable);
            Fail(failure, Outputs.Unhandled(instance.Name, failure));
            return;
        }

        received.SetResult(payload!);
    }
}
