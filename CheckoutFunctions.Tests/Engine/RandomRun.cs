using System.Reflection;
using LocalHost.Engine;
using LocalHost.Engine.Replay;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>How to run a random orchestration: the result must not depend on it.</summary>
internal sealed record RandomConditions(string Name)
{
    /// <summary>0: every turn replays from the start.</summary>
    public int LiveInstances { get; init; } = 100;

    /// <summary>A turn for each event, instead of one for all that have arrived.</summary>
    public bool OneEventAtATime { get; init; }

    public CrashAt Crash { get; init; } = new(int.MaxValue);

    /// <summary>Now and then a new engine takes over, which has nothing in memory.</summary>
    public Random? Restarts { get; init; }

    /// <summary>Work in any order.</summary>
    public Random? Order { get; init; }
}

/// <summary>Runs one random orchestration to its end, however long that takes on its clock.</summary>
internal sealed class RandomRun : IDisposable
{
    // A script that doesn't come to rest by then never does.
    private const int StepLimit = 5000;

    private readonly RandomCase random;
    private readonly RandomConditions conditions;
    private readonly SqliteOrchestrationStore store = new(SqliteOrchestrationStore.InMemory);
    private readonly ManualTimeProvider time = new();
    private readonly RandomInterpreter interpreter;
    private EngineWorld world;

    private RandomRun(RandomCase random, RandomConditions conditions)
    {
        (this.random, this.conditions) = (random, conditions);
        interpreter = new RandomInterpreter(random.Script, time);
        world = NewWorld();
    }

    /// <returns>Every instance with its status, output and custom status; the first is the orchestration itself.</returns>
    public static async Task<IReadOnlyList<string>> Run(RandomCase random, RandomConditions conditions, HashSet<string>? reached = null)
    {
        using var run = new RandomRun(random, conditions);
        await run.Run();
        reached?.UnionWith(run.interpreter.Reached);
        return [.. run.store.List(new InstanceFilter(1000)).OrderBy(instance => instance.InstanceId != "one").Select(Describe)];
    }

    public void Dispose() => store.Dispose();

    private async Task Run()
    {
        await interpreter.Start(world);
        var start = time.GetUtcNow();
        var outside = new Queue<Outside>(random.Outside);
        for (var step = 0; step < StepLimit; step++)
        {
            if (conditions.Restarts?.Next(4) == 0)
                world = NewWorld();
            if (await RunOne())
                continue;

            var due = outside.TryPeek(out var next) ? start + next.At : DateTimeOffset.MaxValue;
            if (world.Engine.NextVisibleTime() is { } visible && visible < due)
                time.AdvanceTo(visible);
            else if (!outside.TryDequeue(out next))
                return;
            else
                await Happen(next, due);
        }

        throw new InvalidOperationException("It goes on and on.");
    }

    private async Task<bool> RunOne()
    {
        try
        {
            return await world.Engine.RunOneAsync(conditions.Order is { } order ? runnable => runnable[order.Next(runnable.Count)] : null);
        }
        catch (Crash)
        {
            world = NewWorld();
            await world.Engine.ReleaseLeases();
            return true;
        }
    }

    private async Task Happen(Outside outside, DateTimeOffset at)
    {
        time.AdvanceTo(at);
        try
        {
            await (outside switch
            {
                Raise raise => world.Client.RaiseEventAsync("one", raise.Name, raise.Payload),
                Suspend => world.Client.SuspendInstanceAsync("one", "pause"),
                _ => world.Client.ResumeInstanceAsync("one"),
            });
        }
        catch (RpcException)
        {
            // It has finished, or it was suspended before.
        }
    }

    private EngineWorld NewWorld() => new(
        conditions.OneEventAtATime ? OneAtATime.Over(store) : store,
        time,
        interpreter.Functions,
        conditions.Crash,
        options: new EngineOptions { LiveInstances = conditions.LiveInstances });

    private static string Describe(Instance instance) =>
        $"{instance.InstanceId}: {instance.Status} {instance.Output} status {instance.CustomStatus} generation {instance.Generation}";
}

/// <summary>A store that gives a turn only the first of what has arrived.</summary>
public class OneAtATime : DispatchProxy
{
    private IOrchestrationStore? store;

    internal static IOrchestrationStore Over(IOrchestrationStore store)
    {
        var proxy = Create<IOrchestrationStore, OneAtATime>();
        ((OneAtATime)(object)proxy).store = store;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(store, args);
        return answer is Turn turn ? turn with { NewEvents = [turn.NewEvents[0]] } : answer;
    }
}
