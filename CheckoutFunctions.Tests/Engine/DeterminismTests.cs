namespace CheckoutFunctions.Tests.Engine;

public sealed class DeterminismTests : IDisposable
{
    private const string Start = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException: Non-Deterministic workflow detected: " +
        "A previous execution of this orchestration scheduled an activity task with sequence ";

    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_renamed_activity_fails_the_instance() => Assert.Equal(
        Start + "number 0 named 'First', but the current orchestration replay instead scheduled an activity task named 'Second' with this " +
        "sequence number.  Was a change made to the orchestrator code after this instance had already started running?",
        await FailureAfterChange(context => context.CallActivityAsync<int>("Second", 1)));

    [Fact]
    public async Task An_activity_replaced_by_a_timer_fails_the_instance() => Assert.StartsWith(
        Start + "number 0 named 'First', but the current orchestration replay instead produced a CreateTimerOrchestratorAction action",
        await FailureAfterChange(async context =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            return 1;
        }));

    [Fact]
    public async Task A_removed_activity_fails_the_instance() => Assert.StartsWith(
        Start + "ID 0 and name 'First' (version ''), but the current replay execution hasn't (yet?) scheduled this task.",
        await FailureAfterChange(context => context.WaitForExternalEvent<int>("Go")));

    [Fact]
    public async Task Another_input_or_one_more_activity_afterwards_is_no_difference()
    {
        await StartAndWait();
        world.Functions.Orchestrator("Code", async context =>
            await context.CallActivityAsync<int>("First", 2) + await context.WaitForExternalEvent<int>("Go") + await context.CallActivityAsync<int>("Second", 10));
        await world.Client.RaiseEventAsync("one", "Go", 100);

        Assert.Equal(111, await world.Complete<int>());
    }

    private async Task<string?> FailureAfterChange(Func<TaskOrchestrationContext, Task<int>> changed)
    {
        await StartAndWait();
        world.Functions.Orchestrator("Code", changed);
        await world.Client.RaiseEventAsync("one", "Go", 100);
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        return instance.SerializedOutput;
    }

    private async Task StartAndWait()
    {
        world.Functions
            .Activity<int>("First", number => number)
            .Activity<int>("Second", number => number)
            .Orchestrator("Code", async context =>
                await context.CallActivityAsync<int>("First", 1) + await context.WaitForExternalEvent<int>("Go"));
        await world.Start("Code");
        await world.Settle();
    }
}
