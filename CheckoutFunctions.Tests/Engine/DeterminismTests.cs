using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Section 11: code that no longer matches its history. It fails, says why, harms nothing, and goes on once the code is back.</summary>
public sealed class DeterminismTests : IDisposable
{
    private const string Start = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException: Non-Deterministic workflow detected: " +
        "A previous execution of this orchestration scheduled an activity task with sequence ";

    private const string Question = "Was a change made to the orchestrator code after this instance had already started running?";

    private readonly EngineWorld world = new();
    private bool broken = true;

    public DeterminismTests() => world.Functions
        .Activity<int>("First", number => number)
        .Activity<int>("Second", number => number)
        .Activity<int>("Breaks", number => broken ? throw new InvalidOperationException("broken") : number)
        .Orchestrator("Child", _ => Task.FromResult(1))
        .Orchestrator("Cousin", _ => Task.FromResult(1));

    public void Dispose() => world.Dispose();

    [Fact]
    [Behaviour("11.1")]
    public async Task A_renamed_activity_fails_the_instance_and_says_which_one_and_what_was_expected() => Assert.Equal(
        Start + "number 0 named 'First', but the current orchestration replay instead scheduled an activity task named 'Second' with this " +
        $"sequence number.  {Question} " +
        "Instance 'one' of 'Code': its history expected the activity 'First' as number 0, its code asked for the activity 'Second'.",
        await FailureAfterChange("First", "Second"));

    [Fact]
    [Behaviour("11.2")]
    public async Task An_activity_replaced_by_a_timer_fails_the_instance_and_says_so()
    {
        var output = await FailureAfterChange("First", "timer");

        Assert.StartsWith(
            Start + "number 0 named 'First', but the current orchestration replay instead produced a CreateTimerOrchestratorAction action with this " +
            $"sequence number. {Question} Instance 'one' of 'Code': its history expected the activity 'First' as number 0, its code asked for a timer for ",
            output);
    }

    [Fact]
    [Behaviour("11.3")]
    public async Task A_removed_activity_fails_the_instance_and_says_so() => Assert.Equal(
        Start + $"ID 0 and name 'First' (version ''), but the current replay execution hasn't (yet?) scheduled this task. {Question} " +
        "Instance 'one' of 'Code': its history expected the activity 'First' as number 0, its code asked for nothing there.",
        await FailureAfterChange("First", ""));

    [Theory]
    [InlineData("First", "Second", "expected the activity 'First' as number 0, its code asked for the activity 'Second'.")]
    [InlineData("First", "Child", "expected the activity 'First' as number 0, its code asked for the sub-orchestration 'Child' ('kid').")]
    [InlineData("First", "event", "expected the activity 'First' as number 0, its code asked for the event 'event' to 'nobody'.")]
    [InlineData("timer", "", "as number 0, its code asked for nothing there.")]
    [InlineData("timer", "First", "as number 0, its code asked for the activity 'First'.")]
    [InlineData("Child", "", "expected the sub-orchestration 'Child' ('kid') as number 0, its code asked for nothing there.")]
    [InlineData("Child", "Cousin", "expected the sub-orchestration 'Child' ('kid') as number 0, its code asked for the sub-orchestration 'Cousin' ('kid').")]
    [InlineData("Child", "timer", "expected the sub-orchestration 'Child' ('kid') as number 0, its code asked for a timer for ")]
    [InlineData("event", "", "expected the event 'event' to 'nobody' as number 0, its code asked for nothing there.")]
    [InlineData("event", "other event", "expected the event 'event' to 'nobody' as number 0, its code asked for the event 'other event' to 'nobody'.")]
    [InlineData("event", "First", "expected the event 'event' to 'nobody' as number 0, its code asked for the activity 'First'.")]
    [InlineData("First,Second", "Second,First", "expected the activity 'First' as number 0, its code asked for the activity 'Second'.")]
    [InlineData("First,Second", "First", "expected the activity 'Second' as number 1, its code asked for nothing there.")]
    [InlineData("First,timer", "timer,First", "expected the activity 'First' as number 0, its code asked for a timer for ")]
    [InlineData("First", "timer,First", "expected the activity 'First' as number 0, its code asked for a timer for ")]
    [InlineData("First,Second", "First,event,Second", "expected the activity 'Second' as number 1, its code asked for the event 'event' to 'nobody'.")]
    [InlineData("Breaks,First", "Breaks,Second", "expected the activity 'First' as number 1, its code asked for the activity 'Second'.")]
    public async Task Whatever_changed_the_instance_fails_its_history_stays_others_go_on_and_a_rewind_under_the_old_code_completes_it(
        string before, string after, string difference)
    {
        world.Functions.Orchestrator("Bystander", context => Run(context, "First"));
        await world.Start("Bystander", id: "other");
        await StartAndWait(before);
        var history = world.Store.ReadHistory("one");
        var runs = world.Functions.Runs.ToDictionary();

        Deploy(after);
        await world.Client.RaiseEventAsync("one", "Go", 100);
        await world.RunToEnd();

        var failed = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Contains("Instance 'one' of 'Code': its history expected", failed.SerializedOutput);
        Assert.Contains(difference, failed.SerializedOutput);
        Assert.Equal(history, world.Store.ReadHistory("one").Take(history.Count));
        Assert.Equal(runs, world.Functions.Runs.ToDictionary());

        await world.Client.RaiseEventAsync("other", "Go", 5);
        Assert.Equal(5, await world.Complete<int>("other"));

        Deploy(before);
        await world.Client.RewindInstanceAsync("one", "the code is back");
        Assert.Equal(100, await world.Complete<int>());
        Assert.Equal(runs, world.Functions.Runs.ToDictionary());
    }

    [Fact]
    public async Task A_parent_whose_child_s_code_changed_is_rewound_with_it()
    {
        world.Functions.Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Code", null, new TaskOptions().WithInstanceId("one")));
        Deploy("First");
        await world.Start("Parent", id: "parent");
        await world.Settle();

        Deploy("Second");
        await world.Client.RaiseEventAsync("one", "Go", 100);
        await world.RunToEnd();
        var failed = await world.Get("parent");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Contains("Instance 'one' of 'Code': its history expected the activity 'First'", failed.SerializedOutput);

        Deploy("First");
        await world.Client.RewindInstanceAsync("parent", "the code is back");
        Assert.Equal(100, await world.Complete<int>("parent"));
        Assert.Equal(1, world.Functions.Runs["First"]);
    }

    [Fact]
    public async Task What_was_open_when_the_code_changed_is_picked_up_by_the_rewind()
    {
        var before = async (TaskOrchestrationContext context) =>
        {
            var child = context.CallSubOrchestratorAsync<int>("Waits", null, new TaskOptions().WithInstanceId("kid"));
            var timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            var (activity, go) = (context.CallActivityAsync<int>("First", 1), await context.WaitForExternalEvent<int>("Go"));
            await timer;
            return go + await child + await activity;
        };
        world.Functions.Orchestrator("Waits", context => context.WaitForExternalEvent<int>("Go")).Orchestrator("Code", before);
        await world.Start("Code");
        await world.Engine.RunOneAsync();
        Deploy("Second");
        await world.Client.RaiseEventAsync("one", "Go", 100);
        await world.RunToEnd();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await world.Get()).RuntimeStatus);
        // Its child ends while nobody listens.
        await world.Client.RaiseEventAsync("kid", "Go", 20);
        Assert.Equal(20, await world.Complete<int>("kid"));

        world.Functions.Orchestrator("Code", before);
        await world.Client.RewindInstanceAsync("one", "the code is back");

        Assert.Equal(121, await world.Complete<int>());
        Assert.Equal(1, world.Functions.Runs["First"]);
    }

    [Theory]
    [Behaviour("11.4")]
    [InlineData("another input")]
    [InlineData("one more activity afterwards")]
    [InlineData("an earlier end")]
    [InlineData("no wait")]
    [InlineData("an earlier wait")]
    public async Task A_waiting_instance_outlives_a_restart_and_changes_that_do_not_count_as_such_go_unnoticed(string change)
    {
        await StartAndWait("First");

        using var restarted = new EngineWorld(world.Store, world.Time, world.Functions);
        world.Functions.Orchestrator("Code", async context => change switch
        {
            "another input" => await context.CallActivityAsync<int>("First", 2) + await context.WaitForExternalEvent<int>("Go"),
            "one more activity afterwards" =>
                await context.CallActivityAsync<int>("First", 1) + await context.WaitForExternalEvent<int>("Go") + await context.CallActivityAsync<int>("Second", 10),
            "an earlier end" => await context.CallActivityAsync<int>("First", 1),
            "no wait" => await context.CallActivityAsync<int>("First", 1) + await context.CallActivityAsync<int>("Second", 10),
            _ => await Moved(context),
        });
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await restarted.Get()).RuntimeStatus);
        await restarted.Client.RaiseEventAsync("one", "Go", 100);

        Assert.Equal(
            change switch { "one more activity afterwards" => 111, "an earlier end" => 1, "no wait" => 11, _ => 101 },
            await restarted.Complete<int>());

        static async Task<int> Moved(TaskOrchestrationContext context)
        {
            var go = context.WaitForExternalEvent<int>("Go");
            return await context.CallActivityAsync<int>("First", 1) + await go;
        }
    }

    private async Task<string?> FailureAfterChange(string before, string after)
    {
        await StartAndWait(before);
        Deploy(after);
        await world.Client.RaiseEventAsync("one", "Go", 100);
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        return instance.SerializedOutput;
    }

    private async Task StartAndWait(string steps)
    {
        Deploy(steps);
        await world.Start("Code");
        await world.RunToEnd();
        broken = false;
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await world.Get()).RuntimeStatus);
    }

    private void Deploy(string steps) => world.Functions.Orchestrator("Code", context => Run(context, steps));

    /// <summary>Takes those steps one after another and waits for <c>Go</c>, which is its result.</summary>
    private static async Task<int> Run(TaskOrchestrationContext context, string steps)
    {
        foreach (var step in steps.Split(',', StringSplitOptions.RemoveEmptyEntries))
            await Take(context, step);
        return await context.WaitForExternalEvent<int>("Go");
    }

    private static async Task Take(TaskOrchestrationContext context, string step)
    {
        switch (step)
        {
            case "timer":
                await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
                break;
            case "Child" or "Cousin":
                await context.CallSubOrchestratorAsync<int>(step, null, new TaskOptions().WithInstanceId("kid"));
                break;
            case "event" or "other event":
                context.SendEvent("nobody", step, 1);
                break;
            case "Breaks":
                await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Breaks", 1));
                break;
            default:
                await context.CallActivityAsync<int>(step, 1);
                break;
        }
    }
}
