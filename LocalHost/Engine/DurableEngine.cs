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
    private const int LoggedText = 10_000;

    private readonly TimeProvider time;
    private readonly EngineOptions options;
    private readonly IEngineFaults faults;
    private readonly OrchestrationExecutor executor;
    private readonly ActivityRunner activities;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<object, Hold> inHand = new();

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
        if (TryTake(item) is not { } hold)
            return;

        try
        {
            await RunTaken(item, hold, cancellation);
        }
        finally
        {
            Return(hold);
        }
    }

    /// <returns>Null if it is already running here.</returns>
    internal Hold? TryTake(WorkItem item)
    {
        var hold = new Hold(KeyOf(item));
        return inHand.TryAdd(hold.Key, hold) ? hold : null;
    }

    internal void Return(Hold hold) => inHand.TryRemove(new KeyValuePair<object, Hold>(hold.Key, hold));

    internal async Task RunTaken(WorkItem item, Hold hold, CancellationToken cancellation)
    {
        if (item is ActivityWorkItem activity)
            await activities.Run(activity, () => GiveUp(hold), cancellation);
        else
            await RunTurn((OrchestrationWorkItem)item, hold);
        Work.Set();
    }

    /// <summary>What could run now and isn't already running here.</summary>
    internal VisibleWork Look(int turns, int activities) => Store.Look(time.GetUtcNow(), turns, activities, item => inHand.ContainsKey(KeyOf(item)));

    // Never two turns of an instance at once, nor two attempts of an activity, until one is given up. The lease alone doesn't see to that: it is
    // kept in the clock's time, and clocks jump.
    private static object KeyOf(WorkItem item) => item is ActivityWorkItem activity ? activity.Id : item.InstanceId;

    private async Task RunTurn(OrchestrationWorkItem item, Hold hold)
    {
        var now = time.GetUtcNow();
        if (Store.ReadTurn(item.InstanceId, now) is not { } turn)
            return;

        var live = executor.Take(turn);
        if (await Stored(item, turn, live, hold, now) is not { } result)
            return;

        executor.Stored(result, live);
        Log(result);
        Instances.Changed(item.InstanceId);
    }

    /// <returns>Null if another turn of the instance came first. The code goes on only from a turn that is stored.</returns>
    private async Task<TurnResult?> Stored(OrchestrationWorkItem item, Turn turn, LiveExecution live, Hold hold, DateTimeOffset now)
    {
        var stored = false;
        try
        {
            // Before the watch begins: a slow disk isn't the code's fault.
            var history = executor.Missing(turn, live);
            TurnResult result;
            using (new TurnWatch(time, options.TurnLimit, () => GiveUp(turn, live, hold), failure => LogGivingUp(turn, failure)))
                result = OrchestrationExecutor.Run(turn, live, history, now);
            faults.BeforeCommit(item);
            stored = await Store.CompleteTurn(result);
            if (!stored)
            {
                logger.LogWarning("A turn of {InstanceId} was discarded: another one came first.", item.InstanceId);
                return null;
            }

            faults.AfterCommit(item);
            return result;
        }
        finally
        {
            if (!stored)
                live.Drop();
        }
    }

    // Nothing can take its thread from the code. But the instance fails, others get the lane, and the store refuses what the code still comes to.
    private async Task GiveUp(Turn turn, LiveExecution live, Hold hold)
    {
        var result = OrchestrationExecutor.GivenUp(turn, time.GetUtcNow(), options.TurnLimit);
        if (!await Store.CompleteTurn(result))
            return;

        live.Abandon();
        Log(result);
        Instances.Changed(turn.Instance.InstanceId);
        GiveUp(hold);
    }

    // What it stood for may be taken again, and its lane is free, although its code still runs.
    private void GiveUp(Hold hold)
    {
        Return(hold);
        hold.GiveUp();
        Work.Set();
    }

    private void LogGivingUp(Turn turn, Exception failure) =>
        logger.LogError(failure, "A turn of {InstanceId} doesn't end, and that can't be stored; trying again.", turn.Instance.InstanceId);

    private void Log(TurnResult result)
    {
        if (result.Status is OrchestrationRuntimeStatus.Failed)
            logger.LogError("{Name} {InstanceId} failed: {Output}", result.Turn.Instance.Name, result.Turn.Instance.InstanceId, Failure.Cut(result.Output, LoggedText));
        else if (result.IsFinished)
            logger.LogInformation("{Name} {InstanceId}: {Status}", result.Turn.Instance.Name, result.Turn.Instance.InstanceId, result.Status);
    }
}
