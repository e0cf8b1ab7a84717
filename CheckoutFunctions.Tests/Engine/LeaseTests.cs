using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

public sealed class LeaseTests : IDisposable
{
    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Past_its_lease_an_attempt_is_cancelled_and_another_takes_over()
    {
        var cancelled = 0;
        world.Functions
            .Activity<int>("Hangs", async (_, cancellation) =>
            {
                if (world.Functions.Runs["Hangs"] > 1)
                    return "second";

                var hanging = new TaskCompletionSource<object?>();
                using var registration = cancellation.Register(() =>
                {
                    cancelled++;
                    hanging.SetCanceled(cancellation);
                });
                return await hanging.Task;
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Hangs"));
        await world.Start("Calls");
        await world.Engine.RunOneAsync();

        var first = world.Engine.RunOneAsync();
        Assert.Empty(world.Engine.Runnable());
        world.Time.Advance(EngineWorld.Options.ActivityLease);
        await first;

        Assert.Equal("second", await world.Complete<string>());
        Assert.Equal(1, cancelled);
    }

    [Fact]
    public async Task A_clock_that_jumps_past_a_lease_starts_no_second_attempt_beside_the_first()
    {
        var slow = new TaskCompletionSource<object?>();
        world.Functions
            .Activity<int>("Charge", (_, _) => slow.Task)
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Charge"));
        await world.Start("Calls");
        await world.Engine.RunOneAsync();
        var running = world.Engine.RunOneAsync();

        world.Time.Jump(TimeSpan.FromHours(8));
        Assert.Empty(world.Engine.Runnable());
        slow.SetResult("charged");
        await running;

        Assert.Equal("charged", await world.Complete<string>());
        Assert.Equal(1, world.Functions.Runs["Charge"]);
    }

    [Fact]
    public async Task The_result_of_a_lost_lease_is_discarded()
    {
        var slow = new TaskCompletionSource<object?>();
        world.Functions
            .Activity<int>("Slow", (_, _) => world.Functions.Runs["Slow"] == 1 ? slow.Task : Task.FromResult<object?>("second"))
            .Orchestrator("Calls", async context => new[]
            {
                await context.CallActivityAsync<string>("Slow"), await context.WaitForExternalEvent<string>("Go"),
            });
        await world.Start("Calls");
        await world.Engine.RunOneAsync();

        var first = world.Engine.RunOneAsync();
        world.Time.Advance(EngineWorld.Options.ActivityLease);
        await world.Engine.RunOneAsync();
        slow.SetResult("first, too late");
        await first;
        await world.Client.RaiseEventAsync("one", "Go", "go");

        Assert.Equal<string[]>(["second", "go"], await world.Complete<string[]>());
        Assert.Single(world.Store.ReadHistory("one").OfType<TaskCompleted>());
    }

    [Fact]
    public async Task Of_two_turns_of_one_instance_only_the_first_is_stored()
    {
        world.Functions.Orchestrator("Sends", async context =>
        {
            context.SendEvent("listener", "Go", 1);
            return await context.WaitForExternalEvent<int>("Never");
        });
        using var other = new EngineWorld(world.Store, world.Time, world.Functions, new RunFirst(world.Engine));
        await world.Start("Sends");

        await other.Engine.RunOneAsync();

        Assert.Single(world.Store.ReadHistory("one").OfType<EventSent>());
        Assert.Empty(world.Engine.Runnable());
    }

    [Fact]
    public async Task An_activity_of_a_terminated_instance_ends_without_a_trace()
    {
        var slow = new TaskCompletionSource<object?>();
        world.Functions
            .Activity<int>("Slow", (_, _) => slow.Task)
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Slow"));
        await world.Start("Calls");
        await world.Engine.RunOneAsync();
        var running = world.Engine.RunOneAsync();

        await world.Client.TerminateInstanceAsync("one", new TerminateInstanceOptions { Output = "stopped" });
        await world.Engine.RunOneAsync();
        slow.SetResult("late");
        await running;
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "\"stopped\""), (instance.RuntimeStatus, instance.SerializedOutput));
        Assert.Empty(world.Store.ReadHistory("one").OfType<TaskCompleted>());
    }

    /// <summary>Lets another engine run the same turn before this one commits.</summary>
    private sealed class RunFirst(DurableEngine other) : IEngineFaults
    {
        public void BeforeCommit(OrchestrationWorkItem item) => other.RunOneAsync().GetAwaiter().GetResult();
    }
}
