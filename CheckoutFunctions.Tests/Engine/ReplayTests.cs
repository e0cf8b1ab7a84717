using System.Text.Json;
using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Engine;

public sealed class ReplayTests : IDisposable
{
    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    [Behaviour("2.10")]
    public async Task Names_of_orchestrators_and_activities_are_found_in_any_case()
    {
        world.Functions
            .Activity<int>("Double", number => number * 2)
            .Orchestrator("Sequence", async context =>
            {
                var once = await context.CallActivityAsync<int>("Double", context.GetInput<int>());
                return await context.CallActivityAsync<int>("double", once);
            });

        await world.Start("sequence", 5);

        Assert.Equal(20, await world.Complete<int>());
        Assert.Equal(2, world.Functions.Runs["Double"]);
    }

    [Fact]
    public async Task A_fan_out_gathers_results_in_the_order_of_the_calls_whatever_order_they_finish_in()
    {
        world.Functions
            .Activity<int>("Square", number => number * number)
            .Orchestrator("FanOut", context => Task.WhenAll(Enumerable.Range(1, 5).Select(n => context.CallActivityAsync<int>("Square", n))));

        await world.Start("FanOut");
        while (await world.Engine.RunOneAsync(runnable => runnable[^1]))
        {
        }

        Assert.Equal<int[]>([1, 4, 9, 16, 25], await world.Complete<int[]>());
    }

    [Fact]
    [Behaviour("9.1", "9.2")]
    public async Task Ids_and_times_are_the_same_on_every_replay_and_the_time_stands_still_between_awaits()
    {
        var seen = new List<(Guid, Guid, DateTime, DateTime)>();
        world.Functions
            .Activity<int>("Wait", number => number)
            .Orchestrator("Ids", async context =>
            {
                var (first, start) = (context.NewGuid(), context.CurrentUtcDateTime);
                world.Time.Advance(TimeSpan.FromSeconds(1));
                Assert.Equal(start, context.CurrentUtcDateTime);
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                var (second, later) = (context.NewGuid(), context.CurrentUtcDateTime);
                seen.Add((first, second, start, later));
                await context.CallActivityAsync("Wait", 1);
                return true;
            });

        await world.Start("Ids");
        await world.Complete<bool>();

        Assert.Equal(2, seen.Count);
        Assert.Equal(seen[0], seen[1]);
        var (one, two, from, to) = seen[0];
        Assert.NotEqual(one, two);
        Assert.Equal((5, 5), (one.Version, two.Version));
        Assert.Equal(DateTimeKind.Utc, from.Kind);
        Assert.Equal(TimeSpan.FromMinutes(1), to - from);
    }

    [Fact]
    [Behaviour("9.3")]
    public async Task Replaying_turns_false_in_the_middle_of_the_method()
    {
        var seen = new List<bool>();
        world.Functions
            .Activity<int>("Do", number => number)
            .Orchestrator("Replaying", async context =>
            {
                seen.Add(context.IsReplaying);
                await context.CallActivityAsync("Do", 1);
                seen.Add(context.IsReplaying);
                return true;
            });

        await world.Start("Replaying");
        await world.Complete<bool>();

        Assert.Equal([false, true, false], seen);
    }

    [Theory]
    [Behaviour("9.4")]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    public async Task Each_turn_runs_the_code_from_its_top_unless_it_is_kept_in_memory(bool live, int runs)
    {
        using var kept = new EngineWorld(live: live);
        var tops = 0;
        kept.Functions.Activity<int>("Do", number => number).Orchestrator("Steps", async context =>
        {
            tops++;
            return await context.CallActivityAsync<int>("Do", 1) + await context.CallActivityAsync<int>("Do", 2);
        });

        await kept.Start("Steps");

        Assert.Equal(3, await kept.Complete<int>());
        Assert.Equal(runs, tops);
    }

    [Fact]
    public async Task Code_that_awaits_something_not_durable_fails_instead_of_hanging()
    {
        world.Functions.Orchestrator("Sleeps", async _ =>
        {
            await new TaskCompletionSource().Task;
            return 1;
        });

        await world.Start("Sleeps");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Contains("An invalid asynchronous invocation was detected", instance.SerializedOutput);
    }

    [Fact]
    [Behaviour("10.1")]
    public async Task A_custom_status_of_8192_characters_is_kept_and_one_more_fails_the_instance()
    {
        world.Functions.Orchestrator("Status", context =>
        {
            context.SetCustomStatus(new string('x', context.GetInput<int>() - 2));
            return Task.FromResult(true);
        });

        await world.Start("Status", 8192, "fits");
        await world.Start("Status", 8193, "too-large");
        await world.RunToEnd();

        Assert.Equal(8192, (await world.Get("fits")).SerializedCustomStatus!.Length);
        var failed = await world.Get("too-large");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        using var output = JsonDocument.Parse(failed.SerializedOutput!);
        Assert.Equal("Function 'Status' failed with an unhandled exception.", output.RootElement.GetProperty("message").GetString());
        Assert.Contains("System.ArgumentException: CustomStatus is too large: limit = 16 KB (UTF-16), actual = 16.00 KB.", output.RootElement.GetProperty("details").GetString());
    }
}
