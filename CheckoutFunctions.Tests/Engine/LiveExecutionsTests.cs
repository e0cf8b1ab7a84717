using LocalHost.Engine;
using LocalHost.Engine.Replay;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>What is kept between turns: bounded, and given back when it goes no further.</summary>
public sealed class LiveExecutionsTests
{
    private const int Limit = 10;

    [Fact]
    public void Kept_at_once_from_many_threads_they_are_no_more_than_the_limit()
    {
        var kept = new LiveExecutions(Limit);
        var released = 0;
        const int Instances = 40_000;
        Parallel.For(0, Instances, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var live = Live(InstanceOf(number));
            live.Context.Release = () => Interlocked.Increment(ref released);
            kept.Keep($"{number}", live);
        });

        Assert.Equal(Limit, Enumerable.Range(0, Instances).Count(number => kept.Take(InstanceOf(number)) is not null));
        Assert.Equal(Instances - Limit, released);
    }

    [Fact]
    public async Task A_turn_that_can_not_be_stored_gives_back_what_its_code_held()
    {
        using var store = new SqliteOrchestrationStore(SqliteOrchestrationStore.InMemory);
        var released = 0;
        var functions = new Functions().Orchestrator("Waits", context =>
        {
            ((ReplayContext)context).Release = () => released++;
            return context.WaitForExternalEvent<int>("Go");
        });
        using var world = new EngineWorld(new FailingStore(store, failures: 1), functions: functions, live: true);
        await world.Start("Waits");

        await Assert.ThrowsAsync<IOException>(() => world.Engine.RunAsync(new OrchestrationWorkItem("one", world.Time.GetUtcNow())));

        Assert.Equal(1, released);
    }

    private static LiveExecution Live(Instance instance) => new(instance, new Functions(), NullLoggerFactory.Instance, new Versioning());

    private static Instance InstanceOf(int number) => new(
        $"{number}", "execution", 1, "Code", OrchestrationRuntimeStatus.Running, default, default, null, null, null, null, HistoryLength: 0);
}
