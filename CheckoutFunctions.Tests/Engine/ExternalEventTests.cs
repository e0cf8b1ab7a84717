using System.Text.Json;
using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Engine;

public sealed class ExternalEventTests : IDisposable
{
    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    [Behaviour("4.1")]
    public async Task Events_raised_before_the_wait_are_kept_in_order_and_their_names_ignore_case()
    {
        world.Functions.Orchestrator("Listen", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return new[]
            {
                await context.WaitForExternalEvent<int>("go"),
                await context.WaitForExternalEvent<int>("GO"),
                await context.WaitForExternalEvent<int>("Go"),
            };
        });

        await world.Start("Listen");
        for (var i = 1; i <= 3; i++)
            await world.Client.RaiseEventAsync("one", "Go", i);

        Assert.Equal<int[]>([1, 2, 3], await world.Complete<int[]>());
    }

    [Fact]
    [Behaviour("4.2")]
    public async Task Several_waits_on_one_name_are_served_last_in_first_out()
    {
        world.Functions.Orchestrator("Listen", context => Task.WhenAll(
            context.WaitForExternalEvent<int>("Go"), context.WaitForExternalEvent<int>("Go"), context.WaitForExternalEvent<int>("Go")));

        await world.Start("Listen");
        await world.Settle();
        for (var i = 1; i <= 3; i++)
            await world.Client.RaiseEventAsync("one", "Go", i);

        Assert.Equal<int[]>([3, 2, 1], await world.Complete<int[]>());
    }

    [Fact]
    [Behaviour("4.6")]
    public async Task An_event_before_the_timeout_cancels_the_timer_so_that_the_instance_ends_at_once()
    {
        world.Functions.Orchestrator("Listen", context => context.WaitForExternalEvent<string>("Go", TimeSpan.FromDays(3)));

        await world.Start("Listen");
        await world.Settle();
        await world.Client.RaiseEventAsync("one", "Go", "now");
        await world.Settle();

        Assert.Equal("now", (await world.Get()).ReadOutputAs<string>());
        Assert.Null(world.Engine.NextVisibleTime());
    }

    [Fact]
    [Behaviour("4.6")]
    public async Task A_wait_that_times_out_throws_and_leaves_a_late_event_for_the_next_wait()
    {
        world.Functions.Orchestrator("Listen", async context =>
        {
            try
            {
                await context.WaitForExternalEvent<string>("Go", TimeSpan.FromMinutes(1));
                return "in time";
            }
            catch (TaskCanceledException late)
            {
                return late.Message + await context.WaitForExternalEvent<string>("Go");
            }
        });

        await world.Start("Listen");
        await world.RunToEnd();
        await world.Client.RaiseEventAsync("one", "Go", " late");

        Assert.Equal("A task was canceled. late", await world.Complete<string>());
    }

    [Fact]
    public async Task A_payload_that_does_not_convert_fails_the_instance_past_its_catch_clauses()
    {
        world.Functions.Orchestrator("Listen", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<int>("Go");
            }
            catch (JsonException)
            {
                return -1;
            }
        });

        await world.Start("Listen");
        await world.Client.RaiseEventAsync("one", "Go", "not a number");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Contains("System.Text.Json.JsonException", instance.SerializedOutput);
    }

    [Fact]
    [Behaviour("4.5")]
    public async Task An_orchestration_sends_events_and_one_to_an_unknown_instance_is_ignored()
    {
        world.Functions
            .Orchestrator("Listen", context => context.WaitForExternalEvent<string>("Go"))
            .Orchestrator("Send", context =>
            {
                context.SendEvent("nobody", "Go", "lost");
                context.SendEvent("one", "Go", "sent");
                return Task.FromResult(true);
            });

        await world.Start("Listen");
        await world.Start("Send", id: "two");

        Assert.Equal("sent", await world.Complete<string>());
    }

    [Fact]
    [Behaviour("4.4")]
    public async Task Raising_to_an_unknown_or_finished_instance_says_so()
    {
        world.Functions.Orchestrator("Done", _ => Task.FromResult(true));
        await world.Start("Done");
        await world.RunToEnd();

        var unknown = await Assert.ThrowsAsync<RpcException>(() => world.Client.RaiseEventAsync("x", "Go"));
        var finished = await Assert.ThrowsAsync<RpcException>(() => world.Client.RaiseEventAsync("one", "Go"));

        Assert.Equal((RpcStatusCode.NotFound, "No instance with ID 'x' was found. (Parameter 'instanceId')"), (unknown.StatusCode, unknown.Status.Detail));
        Assert.Equal(
            (RpcStatusCode.FailedPrecondition, "The orchestration instance with the provided instance id is not running."),
            (finished.StatusCode, finished.Status.Detail));
    }

    [Fact]
    [Behaviour("4.7")]
    public async Task A_wait_whose_token_is_cancelled_throws_at_once_and_the_next_event_goes_to_the_next_wait()
    {
        world.Functions.Orchestrator("Listen", async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var abandoned = context.WaitForExternalEvent<string>("Go", cancellation.Token);
            cancellation.Cancel();
            try
            {
                return await abandoned;
            }
            catch (TaskCanceledException cancelled)
            {
                return $"{cancelled.Message} {await context.WaitForExternalEvent<string>("Go")}";
            }
        });

        await world.Start("Listen");
        await world.Settle();
        await world.Client.RaiseEventAsync("one", "Go", "next");

        Assert.Equal("A task was canceled. next", await world.Complete<string>());
    }
}
