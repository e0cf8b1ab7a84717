using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

public sealed class ContinueAsNewTests : IDisposable
{
    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    [Behaviour("5.2", "9.2")]
    public async Task The_next_generation_has_the_new_input_a_new_history_new_ids_and_its_own_creation_time()
    {
        var ids = new List<Guid>();
        world.Functions.Orchestrator("Count", async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            ids.Add(context.NewGuid());
            if (context.GetInput<int>() is var n && n < 3)
                context.ContinueAsNew(n + 1);
            return n;
        });

        var start = world.Time.GetUtcNow();
        await world.Start("Count", 1);

        Assert.Equal(3, await world.Complete<int>());
        Assert.Equal(start.AddHours(2), (await world.Get()).CreatedAt);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Single(world.Store.ReadHistory("one").OfType<ExecutionStarted>());
        Assert.Equal("3", (await world.Get()).SerializedInput);
    }

    [Theory]
    [Behaviour("5.1")]
    [InlineData(true, "1,2,3,4,5")]
    [InlineData(false, "1,5")]
    public async Task Unread_events_go_along_in_order_unless_dropped(bool preserve, string expected)
    {
        world.Functions.Orchestrator("Collect", async context =>
        {
            var sum = context.GetInput<string>() ?? string.Empty;
            sum += (sum.Length == 0 ? string.Empty : ",") + await context.WaitForExternalEvent<int>("Go");
            if (sum.EndsWith('5'))
                return sum;
            context.ContinueAsNew(sum, preserve);
            return null;
        });

        await world.Start("Collect");
        for (var i = 1; i <= 4; i++)
            await world.Client.RaiseEventAsync("one", "Go", i);
        await world.Settle();
        world.Time.Advance(TimeSpan.FromSeconds(3));
        await world.Client.RaiseEventAsync("one", "Go", 5);

        Assert.Equal(expected, await world.Complete<string>());
    }

    [Fact]
    [Behaviour("5.3")]
    public async Task It_waits_for_outstanding_timers()
    {
        world.Functions
            .Orchestrator("Late", async context =>
            {
                if (context.GetInput<bool>())
                    return true;
                _ = context.CreateTimer(TimeSpan.FromMinutes(3), CancellationToken.None);
                context.ContinueAsNew(true);
                await Task.CompletedTask;
                return false;
            });

        await world.Start("Late", false);
        await world.Settle();
        Assert.Equal("false", (await world.Get()).SerializedInput);

        Assert.True(await world.Complete<bool>());
    }

    [Fact]
    [Behaviour("5.3")]
    public async Task It_waits_for_an_activity_that_nobody_awaits()
    {
        world.Functions
            .Activity<int>("Slow", number => number)
            .Orchestrator("Late", context =>
            {
                if (!context.GetInput<bool>())
                {
                    _ = context.CallActivityAsync<int>("Slow", 1);
                    context.ContinueAsNew(true);
                }

                return Task.FromResult(context.GetInput<bool>());
            });

        await world.Start("Late", false);
        await world.Engine.RunOneAsync();
        Assert.Equal("false", (await world.Get()).SerializedInput);

        Assert.True(await world.Complete<bool>());
        Assert.Equal(1, world.Functions.Runs["Slow"]);
    }

    [Fact]
    [Behaviour("5.2")]
    public async Task The_old_generations_custom_status_stays_until_overwritten()
    {
        world.Functions.Orchestrator("Status", context =>
        {
            if (context.GetInput<bool>())
                return Task.FromResult(true);
            context.SetCustomStatus("first");
            context.ContinueAsNew(true);
            return Task.FromResult(false);
        });

        await world.Start("Status", false);
        await world.Complete<bool>();

        Assert.Equal("\"first\"", (await world.Get()).SerializedCustomStatus);
    }
}
