using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

public sealed class TimerTests : IDisposable
{
    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_timer_fires_at_its_time_and_not_before()
    {
        world.Functions.Orchestrator("Timer", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return true;
        });

        await world.Start("Timer");
        await world.Settle();
        world.Time.Advance(TimeSpan.FromMinutes(59));
        await world.Settle();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await world.Get()).RuntimeStatus);

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.Settle();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await world.Get()).RuntimeStatus);
    }

    [Fact]
    [Behaviour("8.2")]
    public async Task A_timer_of_the_past_or_of_no_or_a_negative_delay_fires_at_once()
    {
        world.Functions.Orchestrator("Timer", async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddDays(-1), CancellationToken.None);
            await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
            await context.CreateTimer(TimeSpan.FromSeconds(-5), CancellationToken.None);
            return true;
        });

        await world.Start("Timer");
        await world.Settle();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await world.Get()).RuntimeStatus);
        Assert.Equal(3, world.Store.ReadHistory("one").OfType<TimerFired>().Count());
    }

    [Fact]
    [Behaviour("8.1")]
    public async Task A_timer_keeps_its_fraction_of_a_second_and_never_fires_early()
    {
        var late = new List<TimeSpan>();
        world.Functions.Orchestrator("Timer", async context =>
        {
            foreach (var delay in new[] { 0.5, 1.9 })
            {
                var fireAt = context.CurrentUtcDateTime.AddSeconds(delay);
                await context.CreateTimer(fireAt, CancellationToken.None);
                if (!context.IsReplaying)
                    late.Add(context.CurrentUtcDateTime - fireAt);
            }

            return true;
        });

        await world.Start("Timer");
        await world.Settle();
        world.Time.Advance(TimeSpan.FromSeconds(0.4));
        await world.Settle();
        Assert.Empty(late);
        await world.RunToEnd();

        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], late);
    }

    [Fact]
    [Behaviour("8.2")]
    public async Task A_timer_that_is_cancelled_while_it_runs_throws_and_leaves_no_trace_in_the_history()
    {
        world.Functions.Orchestrator("Timer", async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
            await context.WaitForExternalEvent<int>("Go");
            cancellation.Cancel();
            return $"{timer.Status} {(await Assert.ThrowsAsync<TaskCanceledException>(() => timer)).Message}";
        });

        await world.Start("Timer");
        await world.Settle();
        await world.Client.RaiseEventAsync("one", "Go", 1);

        Assert.Equal("Canceled A task was canceled.", await world.Complete<string>());
        Assert.Equal(
            ["OrchestratorStarted", "ExecutionStarted", "TimerCreated", "OrchestratorStarted", "EventRaised", "ExecutionCompleted"],
            world.Store.ReadHistory("one").Select(happened => happened.GetType().Name));
    }

    [Theory]
    [Behaviour("8.3")]
    [InlineData("timer", false)]
    [InlineData("timer", true)]
    [InlineData("activity", false)]
    [InlineData("activity", true)]
    [InlineData("child", false)]
    [InlineData("child", true)]
    public async Task An_orchestration_that_returned_or_threw_is_running_until_what_it_left_open_has_ended(string open, bool throws)
    {
        world.Functions
            .Activity<int>("Work", number => number)
            .Orchestrator("Child", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator<int>("Leaves", context =>
            {
                _ = open switch
                {
                    "timer" => context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None),
                    "activity" => context.CallActivityAsync("Work", 1),
                    _ => context.CallSubOrchestratorAsync("Child", null, new TaskOptions().WithInstanceId("kid")),
                };
                _ = context.WaitForExternalEvent<int>("Nobody raises it");
                return throws ? throw new InvalidOperationException("left") : Task.FromResult(1);
            });

        await world.Start("Leaves");
        await world.Engine.RunOneAsync();
        var held = await world.Get();
        Assert.Equal((OrchestrationRuntimeStatus.Running, null), (held.RuntimeStatus, held.SerializedOutput));

        await world.Settle();
        if (open == "child")
            await world.Client.RaiseEventAsync("kid", "Go", 1);
        await world.RunToEnd();
        var ended = await world.Get();
        Assert.Equal(
            throws ? (OrchestrationRuntimeStatus.Failed, "System.InvalidOperationException: left") : (OrchestrationRuntimeStatus.Completed, "1"),
            (ended.RuntimeStatus, ended.SerializedOutput));
    }

    [Theory]
    [Behaviour("8.4")]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(400)]
    public async Task A_timer_of_many_days_is_one_timer(int days)
    {
        world.Functions.Orchestrator("Timer", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(days), CancellationToken.None);
            return true;
        });
        var start = world.Time.GetUtcNow();

        await world.Start("Timer");
        await world.Complete<bool>();

        Assert.Equal(start.AddDays(days), Assert.Single(world.Store.ReadHistory("one").OfType<TimerCreated>()).FireAt);
        Assert.Equal(start.AddDays(days), world.Time.GetUtcNow());
    }

    [Fact]
    [Behaviour("8.3")]
    public async Task An_open_timer_holds_an_orchestration_that_has_returned_and_a_cancelled_one_does_not()
    {
        world.Functions.Orchestrator("Race", async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(8), cancellation.Token);
            await Task.WhenAny(timer, context.WaitForExternalEvent<string>("Go"));
            context.SetCustomStatus("raced");
            if (context.GetInput<bool>())
                cancellation.Cancel();
            return timer.IsCanceled;
        });

        await world.Start("Race", true, "cancels");
        await world.Start("Race", false, "leaves-open");
        await world.Settle();
        await world.Client.RaiseEventAsync("cancels", "Go");
        await world.Client.RaiseEventAsync("leaves-open", "Go");
        await world.Settle();

        Assert.True((await world.Get("cancels")).ReadOutputAs<bool>());
        var held = await world.Get("leaves-open");
        Assert.Equal((OrchestrationRuntimeStatus.Running, "\"raced\"", null), (held.RuntimeStatus, held.SerializedCustomStatus, held.SerializedOutput));

        await world.RunToEnd();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await world.Get("leaves-open")).RuntimeStatus);
    }

    [Fact]
    [Behaviour("8.2")]
    public async Task A_token_that_is_cancelled_already_gives_a_cancelled_timer()
    {
        world.Functions.Orchestrator("Timer", async context =>
        {
            try
            {
                await context.CreateTimer(TimeSpan.FromHours(1), new CancellationToken(canceled: true));
                return "fired";
            }
            catch (TaskCanceledException cancelled)
            {
                return cancelled.Message;
            }
        });

        await world.Start("Timer");
        await world.Settle();

        Assert.Equal("A task was canceled.", (await world.Get()).ReadOutputAs<string>());
    }
}
