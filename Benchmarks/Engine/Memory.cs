using Benchmarks.Checkouts;
using Benchmarks.Report;
using LocalHost.Engine;

namespace Benchmarks.Engine;

/// <summary>Managed memory for each checkout that waits for its buyer: kept between turns, and evicted.</summary>
internal static class Memory
{
    private const double GoalBytes = 10 * 1024;

    public static async Task<Part> Measure(Scale scale, Workspace _, Action<string> progress)
    {
        await PerInstance(100, 100);
        progress($"{scale.Waiting.Text()} live instances");
        var live = await PerInstance(scale.Waiting, scale.Waiting);
        progress($"{scale.Waiting.Text()} instances, 100 of them live");
        var evicted = await PerInstance(scale.Waiting, 100);
        return new(
            $"Memory per waiting checkout ({scale.Waiting.Text()} of them)",
            ["instances", "KB each", "goal: < 10 KB"],
            [
                ["live", (live / 1024).Text(), live < GoalBytes ? "met" : "missed"],
                ["evicted (LiveInstances = 100)", (evicted / 1024).Text(), evicted < GoalBytes ? "met" : "missed"],
            ],
            [new("Memory per waiting checkout", string.Empty, "KB", [new("managed memory", [(0, live / 1024), (1, evicted / 1024)])])
            {
                Names = ["live", "evicted"],
                Goal = (GoalBytes / 1024, "goal: 10 KB"),
            }]);
    }

    private static async Task<double> PerInstance(int count, int liveInstances)
    {
        using var files = Workspace.InMemory();
        using var engine = new CheckoutEngine(files.NewFile(), new EngineOptions { LiveInstances = liveInstances });
        await Start(engine, 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Start(engine, count);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(engine);
        return Math.Max(0, (double)(after - before) / count);
    }

    /// <summary>Each ends up waiting for the buyer's first command.</summary>
    private static async Task Start(CheckoutEngine engine, int count)
    {
        foreach (var buyers in CheckoutEngine.Buyers(count).Chunk(500))
        {
            await Task.WhenAll(buyers.Select(buyer => buyer.Do(0, engine.Client)));
            while (await engine.Step())
            {
            }
        }
    }
}
