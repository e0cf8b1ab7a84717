namespace CheckoutFunctions.Tests.Engine;

public sealed class ClientTests : IDisposable
{
    private readonly EngineWorld world = new();

    public ClientTests() => world.Functions
        .Orchestrator("Done", context => Task.FromResult(context.GetInput<int>()))
        .Orchestrator("Waits", context => context.WaitForExternalEvent<int>("Go"));

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_running_id_is_refused_and_a_finished_one_replaced_unless_its_status_is_deduped()
    {
        await world.Start("Waits");
        var running = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => world.Start("Waits"));
        Assert.Equal("An Orchestration instance with the ID one already exists.", running.Message);

        await world.Client.RaiseEventAsync("one", "Go", 1);
        await world.RunToEnd();
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => world.Client.ScheduleNewOrchestrationInstanceAsync("Done", 2, options));

        await world.Start("Done", 2);
        Assert.Equal(2, await world.Complete<int>());
    }

    [Fact]
    public async Task An_instance_that_starts_later_is_pending_and_gets_its_events_then()
    {
        await world.Start("Waits", startAt: world.Time.GetUtcNow().AddHours(1));
        await world.Client.RaiseEventAsync("one", "Go", 3);
        await world.Settle();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await world.Get()).RuntimeStatus);

        Assert.Equal(3, await world.Complete<int>());
    }

    [Fact]
    public async Task A_pending_instance_can_be_terminated_before_its_start()
    {
        await world.Start("Waits", startAt: world.Time.GetUtcNow().AddHours(1));
        await world.Client.TerminateInstanceAsync("one");
        await world.Settle();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await world.Get()).RuntimeStatus);
        Assert.Null(world.Engine.NextVisibleTime());
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Client.TerminateInstanceAsync("one"));
    }

    [Fact]
    public async Task Suspended_code_stands_still_and_gets_all_that_arrived_on_resume()
    {
        await world.Start("Waits");
        await world.Settle();
        await world.Client.SuspendInstanceAsync("one", "lunch");
        await world.Client.RaiseEventAsync("one", "Go", 4);
        await world.RunToEnd();
        var suspended = await world.Get();
        Assert.Equal((OrchestrationRuntimeStatus.Suspended, "lunch"), (suspended.RuntimeStatus, suspended.SerializedOutput));
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Client.SuspendInstanceAsync("one"));

        await world.Client.ResumeInstanceAsync("one");
        Assert.Equal(4, await world.Complete<int>());
    }

    [Fact]
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
    public async Task Only_finished_instances_are_purged()
    {
        await world.Start("Done", 1, "finished");
        await world.Start("Waits", id: "running");
        await world.Settle();

        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Client.PurgeInstanceAsync("running"));
        Assert.Equal(0, (await world.Client.PurgeInstanceAsync("unknown")).PurgedInstanceCount);
        Assert.Equal(1, (await world.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter())).PurgedInstanceCount);
        Assert.Null(await world.Client.GetInstanceAsync("finished"));
        Assert.Equal("running", await Ids(new OrchestrationQuery()));
    }

    [Fact]
    public async Task A_wait_ends_with_the_instance_or_its_cancellation()
    {
        await world.Start("Waits");
        var completion = world.Client.WaitForInstanceCompletionAsync("one", getInputsAndOutputs: true);
        using var cancellation = new CancellationTokenSource();
        var unknown = world.Client.WaitForInstanceStartAsync("unknown", cancellation: cancellation.Token);
        await world.Settle();
        Assert.False(completion.IsCompleted);

        await world.Client.RaiseEventAsync("one", "Go", 5);
        await world.Settle();
        Assert.Equal(5, (await completion).ReadOutputAs<int>());
        await cancellation.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unknown);
        Assert.Equal("The WaitForInstanceStartAsync operation was canceled.", cancelled.Message);
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

    private async Task<string> Ids(OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var instance in world.Client.GetAllInstancesAsync(query))
            ids.Add(instance.InstanceId);
        return string.Join(',', ids);
    }
}
