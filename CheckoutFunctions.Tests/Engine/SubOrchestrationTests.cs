using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Engine;

public sealed class SubOrchestrationTests : IDisposable
{
    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_child_gets_its_input_and_parent_and_gives_its_result()
    {
        world.Functions
            .Orchestrator("Child", context => Task.FromResult($"{context.Parent?.Name}/{context.Parent?.InstanceId}/{context.InstanceId}/{context.GetInput<int>()}"))
            .Orchestrator("Parent", context =>
                context.CallSubOrchestratorAsync<string>("Child", 7, new TaskOptions().WithInstanceId("kid")));

        await world.Start("Parent");

        Assert.Equal("Parent/one/kid/7", await world.Complete<string>());
    }

    [Fact]
    public async Task A_child_without_an_id_gets_32_hex_digits()
    {
        world.Functions
            .Orchestrator("Child", context => Task.FromResult(context.InstanceId))
            .Orchestrator("Parent", context => Task.WhenAll(
                context.CallSubOrchestratorAsync<string>("Child"), context.CallSubOrchestratorAsync<string>("Child")));

        await world.Start("Parent");

        var ids = await world.Complete<string[]>();
        Assert.NotNull(ids);
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }

    [Fact]
    [Behaviour("3.7")]
    public async Task A_retried_child_runs_under_the_same_32_hex_digits_on_every_attempt()
    {
        var ids = new List<string>();
        world.Functions
            .Orchestrator("Child", context =>
            {
                ids.Add(context.InstanceId);
                return ids.Count < 3 ? throw new InvalidOperationException("again") : Task.FromResult(true);
            })
            .Orchestrator("Parent", context =>
                context.CallSubOrchestratorAsync<bool>("Child", null, TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(5)))));

        await world.Start("Parent");

        Assert.True(await world.Complete<bool>());
        Assert.Equal(3, ids.Count);
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(ids.Distinct()));
    }

    [Fact]
    [Behaviour("3.7")]
    public async Task A_policy_sees_a_child_that_an_activity_failed_as_a_failed_task()
    {
        var asked = new List<string>();
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(5))
        {
            HandleFailure = failure =>
            {
                asked.Add($"{failure.ErrorType}/{failure.InnerFailure?.ErrorType}");
                return false;
            },
        };
        world.Functions
            .Activity<int>("Boom", _ => throw new InvalidOperationException("outer msg"))
            .Orchestrator("Child", context => context.CallActivityAsync<int>("Boom"))
            .Orchestrator("Parent", async context =>
            {
                await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Child", null, TaskOptions.FromRetryPolicy(policy)));
                return true;
            });

        await world.Start("Parent");
        await world.Complete<bool>();

        Assert.Equal(["Microsoft.DurableTask.TaskFailedException/System.InvalidOperationException"], asked);
    }

    [Fact]
    public async Task A_child_whose_id_is_running_already_fails_instead_of_hanging_its_parent()
    {
        world.Functions
            .Orchestrator("Waits", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator("Parent", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(() =>
                    context.CallSubOrchestratorAsync("Waits", null, new TaskOptions().WithInstanceId("taken")));
                return failed.FailureDetails.ErrorMessage;
            });

        await world.Start("Waits", id: "taken");
        await world.Start("Parent");

        Assert.Equal("An Orchestration instance with the ID taken already exists.", await world.Complete<string>());
    }

    [Fact]
    public async Task A_childs_result_for_a_parent_that_was_terminated_and_started_anew_is_dropped()
    {
        world.Functions
            .Orchestrator("Child", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator("Parent", async context => context.GetInput<bool>()
                ? await context.CallSubOrchestratorAsync<int>("Child", null, new TaskOptions().WithInstanceId("kid"))
                : await context.WaitForExternalEvent<int>("Go"));

        await world.Start("Parent", true);
        await world.Settle();
        await world.Client.TerminateInstanceAsync("one");
        await world.Settle();
        await world.Start("Parent", false);
        await world.Settle();
        await world.Client.RaiseEventAsync("kid", "Go", 1);
        await world.Settle();

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await world.Get()).RuntimeStatus);
        await world.Client.RaiseEventAsync("one", "Go", 2);
        Assert.Equal(2, await world.Complete<int>());
    }
}
