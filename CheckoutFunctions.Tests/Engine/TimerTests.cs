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
    public async Task A_timer_in_the_past_fires_at_once()
    {
        world.Functions.Orchestrator("Timer", async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddDays(-1), CancellationToken.None);
            await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
            return true;
        });

        await world.Start("Timer");
        await world.Settle();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await world.Get()).RuntimeStatus);
    }

    [Fact]
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
