using LocalHost.Engine;
using LocalHost.Storage;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>The process dies at every point where it can, one run per point: the result is that of the straight run.</summary>
public sealed class CrashTests
{
    private const string Expected = "1,4,9|fired|hello|child 5|2";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_point_gives_the_same_result_as_straight_through(bool live)
    {
        var straight = new CrashAt(int.MaxValue);
        Assert.Equal(Expected, await RunWith(straight, live));
        Assert.InRange(straight.Passed, 30, 200);

        for (var point = 0; point < straight.Passed; point++)
        {
            var crash = new CrashAt(point);
            Assert.Equal(Expected, await RunWith(crash, live));
            Assert.True(crash.Passed > point, $"Point {point} was never reached.");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Crashes_again_and_again_in_any_order_of_work_give_the_same_result(int seed)
    {
        for (var world = 0; world < 30; world++)
        {
            var chance = new Random(seed * 1000 + world);
            Assert.Equal(Expected, await RunWith(new CrashSometimes(chance), live: world % 2 == 0, runnable => runnable[chance.Next(runnable.Count)]));
        }
    }

    [Fact]
    public async Task A_crash_inside_an_activity_is_no_failure_of_it()
    {
        using var store = new SqliteOrchestrationStore(SqliteOrchestrationStore.InMemory);
        var functions = new Functions();
        functions
            .Activity<int>("Dies", _ => functions.Runs["Dies"] == 1 ? throw new Crash() : "lives")
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Dies"));
        using var world = new EngineWorld(store, functions: functions, faults: new CrashAt(int.MaxValue));
        await world.Start("Calls");

        await Assert.ThrowsAsync<Crash>(world.Settle);
        Assert.Empty(world.Engine.Runnable());
        await world.Engine.ReleaseLeases();

        Assert.Equal("lives", await world.Complete<string>());
    }

    [Fact]
    public async Task A_file_survives_the_process_and_the_next_one_goes_on()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db");
        var time = new ManualTimeProvider();
        try
        {
            using var abandoned = new SqliteOrchestrationStore(path);
            using var killed = new EngineWorld(abandoned, time, Code(), new CrashAt(12));
            await killed.Start("All");
            await Assert.ThrowsAsync<Crash>(killed.RunToEnd);

            using var reopened = new SqliteOrchestrationStore(path);
            using var next = new EngineWorld(reopened, time, Code());
            await next.Engine.ReleaseLeases();
            await next.Settle();
            await next.Client.RaiseEventAsync("one", "Go", "hello");

            Assert.Equal(Expected, await next.Complete<string>());
        }
        finally
        {
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
                File.Delete(file);
        }
    }

    private static async Task<string?> RunWith(IEngineFaults faults, bool live, Func<IReadOnlyList<WorkItem>, WorkItem>? choose = null)
    {
        using var store = new SqliteOrchestrationStore(SqliteOrchestrationStore.InMemory);
        var time = new ManualTimeProvider();
        var functions = Code();
        var world = new EngineWorld(store, time, functions, faults, live);
        await world.Start("All");
        await world.Client.RaiseEventAsync("one", "Go", "hello");

        while (true)
        {
            try
            {
                if (await world.Engine.RunOneAsync(choose))
                    continue;
                if (world.Engine.NextVisibleTime() is not { } next)
                    return await world.Complete<string>();
                time.AdvanceTo(next);
            }
            catch (Crash)
            {
                world = new EngineWorld(store, time, functions, faults, live);
                await world.Engine.ReleaseLeases();
            }
        }
    }

    private static Functions Code() => new Functions()
        .Activity<int>("Square", number => number * number)
        .Orchestrator("Child", async context => $"child {await context.CallActivityAsync<int>("Square", 2) + context.GetInput<int>()}")
        .Orchestrator("All", async context =>
        {
            var squares = await Task.WhenAll(Enumerable.Range(1, 3).Select(n => context.CallActivityAsync<int>("Square", n)));
            var timer = context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            var child = context.CallSubOrchestratorAsync<string>("Child", 1);
            var hello = await context.WaitForExternalEvent<string>("Go");
            await timer;
            var first = context.GetInput<string>();
            if (first is null)
            {
                context.SetCustomStatus("again");
                await child;
                context.SendEvent(context.InstanceId, "Go", hello);
                context.ContinueAsNew("2");
                return null;
            }

            return $"{string.Join(',', squares)}|fired|{hello}|{await child}|{first}";
        });

    private sealed class CrashSometimes(Random chance) : IEngineFaults
    {
        public void BeforeActivity(ActivityWorkItem item) => Pass();

        public void AfterActivity(ActivityWorkItem item) => Pass();

        public void BeforeCommit(OrchestrationWorkItem item) => Pass();

        public void AfterCommit(OrchestrationWorkItem item) => Pass();

        private void Pass()
        {
            if (chance.Next(5) == 0)
                throw new Crash();
        }
    }
}
