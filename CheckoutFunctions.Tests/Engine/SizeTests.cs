using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Section 10: what is large passes whole.</summary>
public sealed class SizeTests : IDisposable
{
    private const int MB = 1024 * 1024;

    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    [Behaviour("10.2", "10.3")]
    public async Task Inputs_of_20_MB_results_and_outputs_of_5_MB_and_events_of_3_MB_arrive_whole()
    {
        world.Functions
            .Activity<int>("Make", length => new string('r', length))
            .Orchestrator("Large", async context =>
            {
                var result = await context.CallActivityAsync<string>("Make", 5 * MB);
                var raised = await context.WaitForExternalEvent<string>("Go");
                context.SetCustomStatus(new[] { context.GetInput<string>()!.Length, raised.Length });
                return result;
            });

        await world.Start("Large", new string('i', 20 * MB));
        await world.Client.RaiseEventAsync("one", "Go", new string('e', 3 * MB));

        Assert.Equal(new string('r', 5 * MB), await world.Complete<string>());
        var instance = await world.Get();
        Assert.Equal<int[]>([20 * MB, 3 * MB], instance.ReadCustomStatusAs<int[]>());
        Assert.Equal(20 * MB, instance.ReadInputAs<string>()!.Length);
    }

    [Fact]
    [Behaviour("10.4")]
    public async Task A_message_of_100_000_characters_arrives_whole_in_the_failure_details()
    {
        world.Functions
            .Activity<int>("Boom", length => throw new InvalidOperationException(new string('m', length)))
            .Orchestrator("Catches", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Boom", 100_000))).FailureDetails.ErrorMessage);

        await world.Start("Catches");

        Assert.Equal(new string('m', 100_000), await world.Complete<string>());
    }
}
