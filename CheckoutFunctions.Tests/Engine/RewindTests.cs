using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Fact 7.8, and what a rewind must not break: the history agrees with the code that runs on it.</summary>
public sealed class RewindTests : IDisposable
{
    private readonly EngineWorld world = new();
    private bool broken = true;

    public RewindTests() => world.Functions
        .Activity<string>("Fine", text => text)
        .Activity<string>("Breaks", text => broken ? throw new InvalidOperationException(text) : text);

    public void Dispose() => world.Dispose();

    [Fact]
    [Behaviour("7.8")]
    public async Task What_failed_runs_again_and_what_had_succeeded_does_not()
    {
        world.Functions.Orchestrator("Code", async context =>
            await context.CallActivityAsync<string>("Fine", "a") + await context.CallActivityAsync<string>("Breaks", "b"));
        await FailAndMend();

        Assert.Equal("ab", await world.Complete<string>());
        Assert.Equal((1, 2), (world.Functions.Runs["Fine"], world.Functions.Runs["Breaks"]));
        Assert.Contains(world.Store.ReadHistory("one"), happened => happened is GenericEvent);
    }

    [Fact]
    [Behaviour("7.8")]
    public async Task An_instance_that_fails_again_is_failed_and_can_be_rewound_again()
    {
        world.Functions.Orchestrator("Code", context => context.CallActivityAsync<string>("Breaks", "b"));
        await Fail();
        await world.Client.RewindInstanceAsync("one", "hope");
        await world.RunToEnd();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await world.Get()).RuntimeStatus);

        await MendAndRewind();

        Assert.Equal("b", await world.Complete<string>());
    }

    [Fact]
    public async Task A_step_that_ran_out_of_retries_gets_one_more()
    {
        var retries = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(5)));
        world.Functions.Orchestrator("Code", context => context.CallActivityAsync<string>("Breaks", "b", retries));
        await FailAndMend();

        Assert.Equal("b", await world.Complete<string>());
        Assert.Equal(4, world.Functions.Runs["Breaks"]);
    }

    [Fact]
    public async Task Side_by_side_only_those_that_failed_run_again()
    {
        world.Functions.Orchestrator("Code", async context => string.Concat(await Task.WhenAll(
            context.CallActivityAsync<string>("Breaks", "a"), context.CallActivityAsync<string>("Fine", "b"), context.CallActivityAsync<string>("Breaks", "c"))));
        await FailAndMend();

        Assert.Equal("abc", await world.Complete<string>());
        Assert.Equal((1, 4), (world.Functions.Runs["Fine"], world.Functions.Runs["Breaks"]));
    }

    [Fact]
    public async Task A_clean_up_after_the_failure_is_forgotten_with_it()
    {
        world.Functions.Orchestrator("Code", async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Breaks", "b");
            }
            catch (TaskFailedException)
            {
                await context.CallActivityAsync("Fine", "undo");
                throw;
            }
        });
        await FailAndMend();

        Assert.Equal("b", await world.Complete<string>());
        Assert.Equal(1, world.Functions.Runs["Fine"]);
    }

    [Fact]
    public async Task A_timer_that_the_failure_had_cancelled_runs_again()
    {
        world.Functions.Orchestrator("Code", async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
            var work = context.CallActivityAsync<string>("Breaks", "b");
            if (await Task.WhenAny(timer, work) == timer)
                return "late";
            cancellation.Cancel();
            return await work;
        });
        await Fail();
        Assert.DoesNotContain(world.Store.ReadHistory("one"), happened => happened is TimerFired);

        world.Time.Advance(TimeSpan.FromHours(2));
        await MendAndRewind();

        Assert.Equal("late", await world.Complete<string>());
    }

    [Fact]
    public async Task A_timer_that_runs_again_though_it_is_cancelled_again_fires_into_no_later_generation()
    {
        world.Functions.Orchestrator("Code", async context =>
        {
            if (context.GetInput<bool>())
            {
                var start = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromHours(3), CancellationToken.None);
                return context.CurrentUtcDateTime - start;
            }

            using var cancellation = new CancellationTokenSource();
            _ = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
            await context.CallActivityAsync<string>("Fine", "a");
            cancellation.Cancel();
            await context.CallActivityAsync<string>("Breaks", "b");
            context.ContinueAsNew(true);
            return default;
        });
        await FailAndMend();

        Assert.Equal(TimeSpan.FromHours(3), await world.Complete<TimeSpan>());
    }

    [Fact]
    public async Task Failed_children_are_rewound_with_their_parent()
    {
        world.Functions
            .Orchestrator("Child", async context => await context.CallActivityAsync<string>("Fine", "a") + await context.CallActivityAsync<string>("Breaks", "b"))
            .Orchestrator("Code", context => context.CallSubOrchestratorAsync<string>("Child", null, new TaskOptions().WithInstanceId("kid")));
        await FailAndMend();

        Assert.Equal("ab", await world.Complete<string>());
        Assert.Equal((1, OrchestrationRuntimeStatus.Completed), (world.Functions.Runs["Fine"], (await world.Get("kid")).RuntimeStatus));
    }

    [Fact]
    public async Task A_child_that_was_rewound_by_itself_answers_its_rewound_parent()
    {
        world.Functions
            .Orchestrator("Child", context => context.CallActivityAsync<string>("Breaks", "b"))
            .Orchestrator("Code", context => context.CallSubOrchestratorAsync<string>("Child", null, new TaskOptions().WithInstanceId("kid")));
        await Fail();
        broken = false;
        await world.Client.RewindInstanceAsync("kid", "mended");
        await world.RunToEnd();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await world.Get()).RuntimeStatus);

        await world.Client.RewindInstanceAsync("one", "mended");

        Assert.Equal("b", await world.Complete<string>());
        Assert.Equal(2, world.Functions.Runs["Breaks"]);
    }

    [Fact]
    public async Task A_child_that_is_gone_starts_anew()
    {
        world.Functions
            .Orchestrator("Child", context => context.CallActivityAsync<string>("Breaks", context.GetInput<string>()))
            .Orchestrator("Code", context => context.CallSubOrchestratorAsync<string>("Child", "in", new TaskOptions().WithInstanceId("kid")));
        await Fail();
        await world.Client.PurgeInstanceAsync("kid");

        await MendAndRewind();

        Assert.Equal("in", await world.Complete<string>());
    }

    [Fact]
    public async Task Code_that_failed_by_itself_runs_on_once_it_is_mended()
    {
        world.Functions.Orchestrator("Code", async context =>
        {
            var text = await context.CallActivityAsync<string>("Fine", "a");
            return broken ? throw new FormatException(text) : text;
        });
        await FailAndMend();

        Assert.Equal("a", await world.Complete<string>());
        Assert.Equal(1, world.Functions.Runs["Fine"]);
    }

    [Fact]
    [Behaviour("7.8")]
    public async Task Only_failed_instances_are_rewound()
    {
        world.Functions.Orchestrator("Code", context => context.CallActivityAsync<string>("Fine", "a"));
        await world.Start("Code");
        await world.RunToEnd();

        var finished = await Assert.ThrowsAsync<InvalidOperationException>(() => world.Client.RewindInstanceAsync("one", "why"));
        var unknown = await Assert.ThrowsAsync<ArgumentException>(() => world.Client.RewindInstanceAsync("two", "why"));

        Assert.Equal("The rewind operation is only supported on failed orchestration instances.", finished.Message);
        Assert.Equal("An orchestration with the instanceId two was not found.", unknown.Message);
    }

    private async Task FailAndMend()
    {
        await Fail();
        await MendAndRewind();
    }

    private async Task Fail()
    {
        await world.Start("Code");
        await world.RunToEnd();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await world.Get()).RuntimeStatus);
    }

    private Task MendAndRewind()
    {
        broken = false;
        return world.Client.RewindInstanceAsync("one", "mended");
    }
}
