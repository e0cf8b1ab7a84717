using System.Collections.Concurrent;
using LocalHost.Engine.Replay;
using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine;

/// <summary>
/// Runs work items, one at a time when a simulation steps it, several at once under <see cref="EngineService"/>: the same code for both.
/// </summary>
public sealed class DurableEngine
{
    private const int StepLimit = 1000;

    private readonly TimeProvider time;
    private readonly EngineOptions options;
    private readonly IEngineFaults faults;
    private readonly OrchestrationExecutor executor;
    private readonly ActivityRunner activities;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<object, bool> inHand = new();

    public DurableEngine(
        IOrchestrationStore store,
        ITaskFunctions functions,
        TimeProvider time,
        ILoggerFactory loggerFactory,
        EngineOptions? options = null,
        IEngineFaults? faults = null,
        StoreHealth? health = null)
    {
        Store = store;
        this.time = time;
        this.options = options ?? new EngineOptions();
        this.faults = faults ?? new NoFaults();
        logger = loggerFactory.CreateLogger<DurableEngine>();
        Health = health ?? new StoreHealth(time, logger);
        executor = new OrchestrationExecutor(store, functions, loggerFactory, this.options);
        activities = new ActivityRunner(store, functions, time, this.options, this.faults, Health, logger);
    }

    public IOrchestrationStore Store { get; }

    internal StoreHealth Health { get; }

    internal TimeProvider Time => time;

    internal EngineOptions Options => options;

    internal InstanceWatch Instances { get; } = new();

    internal WorkSignal Work { get; } = new();

    /// <summary>At the start of the only host: what a killed one had leased goes on at once.</summary>
    public Task ReleaseLeases() => Store.ReleaseLeases();

    /// <summary>What could run now and isn't already running here, oldest first: turns, then activities.</summary>
    public IReadOnlyList<WorkItem> Runnable() => Look(StepLimit, StepLimit) is var work ? [.. work.Turns, .. work.Activities] : [];

    /// <summary>When to look again once nothing is runnable; null if nothing is scheduled at all.</summary>
    public DateTimeOffset? NextVisibleTime() => Look(0, 0).Next;

    /// <summary>Runs exactly one work item: the oldest, or the one chosen.</summary>
    /// <returns>False if nothing is runnable.</returns>
    public async Task<bool> RunOneAsync(Func<IReadOnlyList<WorkItem>, WorkItem>? choose = null, CancellationToken cancellation = default)
    {
        var runnable = Runnable();
        if (runnable.Count == 0)
            return false;

        await RunAsync(choose?.Invoke(runnable) ?? runnable[0], cancellation);
        return true;
    }

    /// <summary>Runs one work item, unless it is already running here.</summary>
    public async Task RunAsync(WorkItem item, CancellationToken cancellation = default)
    {
        if (!TryTake(item))
            return;

        try
        {
            await RunTaken(item, cancellation);
        }
        finally
        {
            Return(item);
        }
    }

    internal bool TryTake(WorkItem item) => inHand.TryAdd(KeyOf(item), true);

    internal void Return(WorkItem item) => inHand.TryRemove(KeyOf(item), out _);

    internal async Task RunTaken(WorkItem item, CancellationToken cancellation)
    {
        if (item is ActivityWorkItem activity)
            await activities.Run(activity, cancellation);
        else
            await RunTurn((OrchestrationWorkItem)item);
        Work.Set();
    }

    /// <summary>What could run now and isn't already running here.</summary>
    internal VisibleWork Look(int turns, int activities) => Store.Look(time.GetUtcNow(), turns, activities, item => inHand.ContainsKey(KeyOf(item)));

    // A turn is the instance's: never two at once. An attempt is an activity's: a later one may take over while an earlier one still runs.
    private static object KeyOf(WorkItem item) => item is ActivityWorkItem activity ? (activity.Id, activity.Attempt) : item.InstanceId;

    private async Task RunTurn(OrchestrationWorkItem item)
    {
        var now = time.GetUtcNow();
        if (Store.ReadTurn(item.InstanceId, now) is not { } turn)
            return;

        var (result, live) = executor.Run(turn, now);
        faults.BeforeCommit(item);
        if (!await Store.CompleteTurn(result))
        {
            logger.LogWarning("A turn of {InstanceId} was discarded: another one came first.", item.InstanceId);
            return;
        }

        faults.AfterCommit(item);
        executor.Stored(result, live);
        Log(result);
        Instances.Changed(item.InstanceId);
    }

    private void Log(TurnResult result)
    {
        if (result.Status is OrchestrationRuntimeStatus.Failed)
            logger.LogError("{Name} {InstanceId} failed: {Output}", result.Turn.Instance.Name, result.Turn.Instance.InstanceId, result.Output);
        else if (result.IsFinished)
            logger.LogInformation("{Name} {InstanceId}: {Status}", result.Turn.Instance.Name, result.Turn.Instance.InstanceId, result.Status);
    }
}
