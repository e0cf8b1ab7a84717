using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

public sealed class ClientTests : IDisposable
{
    private readonly EngineWorld world = new();

    public ClientTests() => world.Functions
        .Orchestrator("Done", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("Waits", context => context.WaitForExternalEvent<int>("Go"));

    public void Dispose() => world.Dispose();

    [Theory]
    [Behaviour("6.1")]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)]
    public async Task An_id_that_has_not_finished_is_refused(OrchestrationRuntimeStatus status)
    {
        await Bring(status);

        var refused = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => world.Start("Done", 2));

        Assert.Equal("An Orchestration instance with the ID one already exists.", refused.Message);
        Assert.Equal(status, (await world.Get()).RuntimeStatus);
    }

    [Theory]
    [Behaviour("6.1")]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task A_finished_id_is_replaced_and_its_history_is_gone(OrchestrationRuntimeStatus status)
    {
        await Bring(status);

        await world.Start("Done", 2);

        Assert.Equal(2, await world.Complete<int>());
        Assert.Equal("2", Assert.Single(world.Store.ReadHistory("one").OfType<ExecutionStarted>()).Input);
    }

    [Theory]
    [Behaviour("6.2")]
    [InlineData(OrchestrationRuntimeStatus.Completed, true)]
    [InlineData(OrchestrationRuntimeStatus.Failed, true)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, false)]
    [InlineData(OrchestrationRuntimeStatus.Running, true)]
    public async Task A_finished_id_is_refused_too_if_its_status_is_deduped_and_a_running_one_always(OrchestrationRuntimeStatus status, bool refused)
    {
        await Bring(status);
        var deduped = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed);
        var start = () => world.Client.ScheduleNewOrchestrationInstanceAsync("Done", 2, deduped);

        if (refused)
            Assert.Equal("An Orchestration instance with the ID one already exists.", (await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(start)).Message);
        else
            await start();
    }

    [Fact]
    [Behaviour("6.2")]
    public async Task Without_any_deduped_status_a_running_id_is_refused_still()
    {
        await Bring(OrchestrationRuntimeStatus.Running);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => world.Client.ScheduleNewOrchestrationInstanceAsync("Done", 2, new StartOrchestrationOptions("one").WithDedupeStatuses()));
    }

    [Fact]
    [Behaviour("4.3")]
    public async Task An_event_raised_right_after_the_start_is_kept_and_so_is_one_before_a_later_start()
    {
        await world.Start("Waits", id: "now");
        await world.Client.RaiseEventAsync("now", "Go", 2);
        await world.Start("Waits", startAt: world.Time.GetUtcNow().AddHours(1));
        await world.Client.RaiseEventAsync("one", "Go", 3);
        await world.Settle();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await world.Get()).RuntimeStatus);

        Assert.Equal(2, await world.Complete<int>("now"));
        Assert.Equal(3, await world.Complete<int>());
    }

    [Fact]
    [Behaviour("7.2")]
    public async Task A_pending_instance_is_terminated_before_its_start_and_a_finished_or_unknown_one_is_refused()
    {
        await world.Start("Waits", startAt: world.Time.GetUtcNow().AddHours(1));
        await world.Client.TerminateInstanceAsync("one");
        await world.Settle();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await world.Get()).RuntimeStatus);
        Assert.Null(world.Engine.NextVisibleTime());
        var finished = await Assert.ThrowsAsync<RpcException>(() => world.Client.TerminateInstanceAsync("one"));
        var unknown = await Assert.ThrowsAsync<RpcException>(() => world.Client.TerminateInstanceAsync("x"));
        Assert.Equal(
            (RpcStatusCode.FailedPrecondition, "InvalidOperationException: Cannot terminate the orchestration instance one because instance is in the Terminated state."),
            (finished.StatusCode, finished.Status.Detail));
        Assert.Equal((RpcStatusCode.NotFound, "ArgumentException: No instance with ID 'x' was found. (Parameter 'instanceId')"), (unknown.StatusCode, unknown.Status.Detail));
    }

    [Fact]
    [Behaviour("7.1")]
    public async Task Terminate_ends_an_instance_within_a_turn_while_its_activity_runs_on_and_its_result_is_dropped()
    {
        var release = new TaskCompletionSource();
        var (token, ended) = (CancellationToken.None, false);
        world.Functions
            .Activity<int>("Long", async (_, cancellation) =>
            {
                token = cancellation;
                await release.Task;
                ended = true;
                return "late";
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Long"));
        await world.Start("Calls");
        await world.Engine.RunOneAsync();
        var activity = world.Engine.RunOneAsync();

        await world.Client.TerminateInstanceAsync("one", (object)new { Why = "enough" });
        await world.Engine.RunOneAsync();

        var terminated = await world.Get();
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, """{"Why":"enough"}"""), (terminated.RuntimeStatus, terminated.SerializedOutput));
        Assert.False(token.IsCancellationRequested);
        release.SetResult();
        await activity;
        await world.RunToEnd();
        Assert.True(ended);
        Assert.Equal(
            ["OrchestratorStarted", "ExecutionStarted", "TaskScheduled", "OrchestratorStarted", "ExecutionTerminated", "ExecutionCompleted"],
            world.Store.ReadHistory("one").Select(happened => happened.GetType().Name));
    }

    [Fact]
    [Behaviour("7.3")]
    public async Task Terminate_leaves_children_alone_also_when_it_is_recursive()
    {
        world.Functions.Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Waits", null, new TaskOptions().WithInstanceId("kid")));
        await world.Start("Parent");
        await world.Settle();

        await world.Client.TerminateInstanceAsync("one", new TerminateInstanceOptions(Recursive: true));
        await world.Settle();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await world.Get()).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await world.Get("kid")).RuntimeStatus);
    }

    [Fact]
    [Behaviour("7.4")]
    public async Task Suspended_code_stands_still_and_on_resume_gets_all_that_arrived_in_its_order()
    {
        world.Functions.Activity<int>("Work", number => number).Orchestrator("Order", async context =>
        {
            var order = new List<string>();
            context.SetCustomStatus("before");
            await Task.WhenAll(
                Note(context.CallActivityAsync<int>("Work", 1), "activity"),
                Note(context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None), "timer"),
                Note(context.WaitForExternalEvent<int>("Go"), "event"));
            return string.Join(',', order);

            async Task Note(Task arrival, string what)
            {
                await arrival;
                order.Add(what);
                context.SetCustomStatus(what);
            }
        });
        await world.Start("Order");
        await world.Engine.RunOneAsync();
        await world.Client.SuspendInstanceAsync("one", "lunch");
        await world.Client.RaiseEventAsync("one", "Go", 4);
        await world.Engine.RunOneAsync();
        world.Time.Advance(TimeSpan.FromHours(1));
        await world.Settle();

        var suspended = await world.Get();
        Assert.Equal((OrchestrationRuntimeStatus.Suspended, "lunch", "\"before\""), (suspended.RuntimeStatus, suspended.SerializedOutput, suspended.SerializedCustomStatus));
        Assert.Equal(
            ["EventRaised", "TimerFired", "TaskCompleted"],
            world.Store.ReadHistory("one").Where(happened => happened is EventRaised or CompletionEvent).Select(happened => happened.GetType().Name));

        await world.Client.ResumeInstanceAsync("one");
        Assert.Equal("event,timer,activity", await world.Complete<string>());
    }

    [Fact]
    [Behaviour("7.5")]
    public async Task To_suspend_what_is_suspended_finished_or_unknown_or_to_resume_what_is_finished_or_unknown_is_refused_without_a_reason()
    {
        await world.Start("Done", 1, "finished");
        await Bring(OrchestrationRuntimeStatus.Suspended);

        foreach (var refused in new[]
        {
            () => world.Client.SuspendInstanceAsync("one"), () => world.Client.SuspendInstanceAsync("finished"), () => world.Client.SuspendInstanceAsync("x"),
            () => world.Client.ResumeInstanceAsync("finished"), () => world.Client.ResumeInstanceAsync("x"),
        })
        {
            var exception = await Assert.ThrowsAsync<RpcException>(refused);
            Assert.Equal((RpcStatusCode.Unknown, "Exception was thrown by handler."), (exception.StatusCode, exception.Status.Detail));
        }
    }

    [Fact]
    [Behaviour("7.10")]
    public async Task Instances_are_listed_by_id_in_pages_and_filtered()
    {
        foreach (var id in new[] { "b2", "a1", "b1", "b3", "c1" })
            await world.Start(id == "b2" ? "Waits" : "Done", 1, id);
        await world.Settle();

        var query = new OrchestrationQuery(InstanceIdPrefix: "b", PageSize: 2);
        var pages = new List<string>();
        await foreach (var page in world.Client.GetAllInstancesAsync(query).AsPages())
            pages.Add(string.Join(',', page.Values.Select(instance => instance.InstanceId)) + (page.ContinuationToken is null ? "." : ";"));
        Assert.Equal(["b1,b2;", "b3."], pages);

        Assert.Equal("b2", await Ids(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(string.Empty, await Ids(new OrchestrationQuery(CreatedFrom: world.Time.GetUtcNow().AddSeconds(1))));
        Assert.Equal(string.Empty, await Ids(new OrchestrationQuery(ContinuationToken: "?")));
    }

    [Fact]
    [Behaviour("7.6")]
    public async Task Only_finished_instances_are_purged()
    {
        await world.Start("Done", 1, "finished");
        await world.Start("Waits", id: "running");
        await world.Settle();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => world.Client.PurgeInstanceAsync("running"));
        Assert.Equal("Only orchestrations in a terminal state can be purged, but the orchestration with instance ID running has status Running", refused.Message);
        Assert.Equal(0, (await world.Client.PurgeInstanceAsync("unknown")).PurgedInstanceCount);
        var purged = await world.Client.PurgeInstanceAsync("finished");
        Assert.Equal((1, null), (purged.PurgedInstanceCount, purged.IsComplete));
        Assert.Null(await world.Client.GetInstanceAsync("finished"));

        await world.Start("Done", 1, "another");
        await world.Settle();
        var all = new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Completed]);
        Assert.Equal(1, (await world.Client.PurgeAllInstancesAsync(all)).PurgedInstanceCount);
        Assert.Equal("running", await Ids(new OrchestrationQuery()));
    }

    [Fact]
    [Behaviour("7.9")]
    public async Task A_wait_ends_with_the_instance_as_soon_as_it_has_ended_or_with_its_cancellation()
    {
        await world.Start("Waits");
        var completion = world.Client.WaitForInstanceCompletionAsync("one", getInputsAndOutputs: true);
        using var cancellation = new CancellationTokenSource();
        var unknown = world.Client.WaitForInstanceStartAsync("unknown", cancellation: cancellation.Token);
        var never = world.Client.WaitForInstanceCompletionAsync("unknown", cancellation: cancellation.Token);
        await world.Settle();
        Assert.False(completion.IsCompleted);

        await world.Client.RaiseEventAsync("one", "Go", 5);
        await world.Settle();
        Assert.Equal(5, (await completion).ReadOutputAs<int>());
        await cancellation.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unknown);
        Assert.Equal("The WaitForInstanceStartAsync operation was canceled.", cancelled.Message);
        Assert.Equal("The WaitForInstanceCompletionAsync operation was canceled.", (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never)).Message);
    }

    [Fact]
    public async Task Inputs_outputs_and_custom_status_come_only_when_asked_for()
    {
        await world.Start("Done", 6);
        await world.Settle();

        var bare = await world.Client.GetInstanceAsync("one");
        var full = await world.Get();
        Assert.Equal((null, null, null), (bare!.SerializedInput, bare.SerializedOutput, bare.SerializedCustomStatus));
        Assert.Equal(("6", "6", "null"), (full.SerializedInput, full.SerializedOutput, full.SerializedCustomStatus));
    }

    /// <summary>An instance <c>one</c> in that status.</summary>
    private async Task Bring(OrchestrationRuntimeStatus status)
    {
        switch (status)
        {
            case OrchestrationRuntimeStatus.Pending:
                await world.Start("Waits", startAt: world.Time.GetUtcNow().AddHours(1));
                break;
            case OrchestrationRuntimeStatus.Completed:
                await world.Start("Done", 1);
                break;
            case OrchestrationRuntimeStatus.Failed:
                await world.Start("Unknown");
                break;
            default:
                await world.Start("Waits");
                break;
        }

        await world.Settle();
        if (status is OrchestrationRuntimeStatus.Suspended)
            await world.Client.SuspendInstanceAsync("one");
        if (status is OrchestrationRuntimeStatus.Terminated)
            await world.Client.TerminateInstanceAsync("one");
        await world.Settle();
        Assert.Equal(status, (await world.Get()).RuntimeStatus);
    }

    private async Task<string> Ids(OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var instance in world.Client.GetAllInstancesAsync(query))
            ids.Add(instance.InstanceId);
        return string.Join(',', ids);
    }
}
