using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>The real pump on the real clock.</summary>
public sealed class EngineServiceTests : IDisposable
{
    private readonly SqliteOrchestrationStore store = new(SqliteOrchestrationStore.InMemory);
    private readonly Functions functions = new();
    private readonly DurableEngine engine;
    private readonly LocalDurableTaskClient client;
    private readonly EngineService service;

    public EngineServiceTests()
    {
        engine = new DurableEngine(
            store, functions, TimeProvider.System, NullLoggerFactory.Instance, new EngineOptions { DrainTimeout = TimeSpan.FromMilliseconds(50) });
        client = new LocalDurableTaskClient(engine);
        service = new EngineService(engine, NullLogger<EngineService>.Instance);
    }

    public void Dispose()
    {
        service.Dispose();
        store.Dispose();
    }

    [Fact]
    public async Task Hundreds_of_instances_run_side_by_side_and_no_instance_has_two_turns_at_once()
    {
        const int Instances = 200;
        var turns = new int[Instances];
        var overlaps = 0;
        functions
            .Activity<int>("Double", async (number, _) =>
            {
                await Task.Yield();
                return number * 2;
            })
            .Orchestrator("Race", async context =>
            {
                var number = context.GetInput<int>();
                if (Interlocked.Increment(ref turns[number]) > 1)
                    Interlocked.Increment(ref overlaps);
                Thread.Yield();
                var doubling = Enumerable.Range(0, 3).Select(n => context.CallActivityAsync<int>("Double", number + n)).ToList();
                var go = context.WaitForExternalEvent<int>("Go");
                Interlocked.Decrement(ref turns[number]);
                var doubled = await Task.WhenAll(doubling);
                return doubled.Sum() + await go;
            });

        await service.StartAsync(CancellationToken.None);
        await Parallel.ForAsync(0, Instances, async (i, cancellation) =>
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Race", i, new StartOrchestrationOptions($"race-{i}"), cancellation);
            await client.RaiseEventAsync($"race-{i}", "Go", 1, cancellation);
        });
        var results = await Task.WhenAll(Enumerable.Range(0, Instances).Select(i => client.WaitForInstanceCompletionAsync($"race-{i}", true)));
        await service.StopAsync(CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, Instances).Select(i => 6 * i + 7), results.Select(result => result.ReadOutputAs<int>()));
        Assert.Equal(0, overlaps);
        Assert.Equal(3 * Instances, functions.Runs["Double"]);
    }

    [Fact]
    public async Task A_timer_wakes_the_pump_without_anyone_signalling()
    {
        functions.Orchestrator("Timer", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            return true;
        });

        await service.StartAsync(CancellationToken.None);
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Timer");

        Assert.True((await client.WaitForInstanceCompletionAsync(id, true)).ReadOutputAs<bool>());
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_timer_that_falls_due_between_two_looks_is_not_overlooked()
    {
        var clock = new ManualTimeProvider();
        var between = () => { };
        var late = new DurableEngine(LateStore.Over(store, () => between()), functions, clock, NullLoggerFactory.Instance);
        using var pump = new EngineService(late, NullLogger<EngineService>.Instance);
        functions.Orchestrator("Timer", async context =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(5), CancellationToken.None);
            return true;
        });
        await pump.StartAsync(CancellationToken.None);
        var lateClient = new LocalDurableTaskClient(late);
        var id = await lateClient.ScheduleNewOrchestrationInstanceAsync("Timer");
        while (store.Look(clock.GetUtcNow(), 0, 0, _ => false).Next is null)
            await Task.Yield();
        await Task.Delay(50); // the pump has nothing left to do

        // The look for turns has been; before the pump asks how long to wait, the timer falls due.
        between = () =>
        {
            between = () => { };
            clock.Advance(TimeSpan.FromSeconds(6));
        };
        late.Work.Set();

        var completed = await lateClient.WaitForInstanceCompletionAsync(id, true).WaitAsync(TimeSpan.FromSeconds(20));
        await pump.StopAsync(CancellationToken.None);
        Assert.True(completed.ReadOutputAs<bool>());
    }

    [Fact]
    [Behaviour("11.4")]
    public async Task An_activity_that_outlasts_the_stop_runs_again_after_the_next_start()
    {
        var started = new TaskCompletionSource();
        functions
            .Activity<int>("Long", async (_, cancellation) =>
            {
                if (functions.Runs["Long"] == 1)
                {
                    started.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                return "again";
            })
            .Orchestrator("Calls", context => context.CallActivityAsync<string>("Long"));
        await service.StartAsync(CancellationToken.None);
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await started.Task;
        await service.StopAsync(CancellationToken.None);

        var restarted = new DurableEngine(store, functions, TimeProvider.System, NullLoggerFactory.Instance);
        using var next = new EngineService(restarted, NullLogger<EngineService>.Instance);
        await next.StartAsync(CancellationToken.None);
        var completed = await new LocalDurableTaskClient(restarted).WaitForInstanceCompletionAsync(id, true);
        await next.StopAsync(CancellationToken.None);

        Assert.Equal("again", completed.ReadOutputAs<string>());
    }

    [Fact]
    [Behaviour("11.4")]
    public async Task Code_that_changed_over_a_restart_fails_its_instance_once_it_runs_and_nobody_hangs()
    {
        functions
            .Activity<int>("Before", number => number)
            .Activity<int>("After", number => number)
            .Orchestrator("Steady", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator("Code", async context => await context.CallActivityAsync<int>("Before", 1) + await context.WaitForExternalEvent<int>("Go"));
        await service.StartAsync(CancellationToken.None);
        await client.ScheduleNewOrchestrationInstanceAsync("Code", null, new StartOrchestrationOptions("changed"));
        await client.ScheduleNewOrchestrationInstanceAsync("Steady", null, new StartOrchestrationOptions("steady"));
        while (!store.ReadHistory("changed").OfType<TaskCompleted>().Any())
            await Task.Yield();
        await service.StopAsync(CancellationToken.None);

        functions.Orchestrator("Code", async context => await context.CallActivityAsync<int>("After", 1) + await context.WaitForExternalEvent<int>("Go"));
        var restarted = new DurableEngine(store, functions, TimeProvider.System, NullLoggerFactory.Instance);
        using var next = new EngineService(restarted, NullLogger<EngineService>.Instance);
        var later = new LocalDurableTaskClient(restarted);
        await next.StartAsync(CancellationToken.None);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await later.GetInstanceAsync("changed"))!.RuntimeStatus);
        await later.RaiseEventAsync("changed", "Go", 1);
        await later.RaiseEventAsync("steady", "Go", 2);
        var changed = await later.WaitForInstanceCompletionAsync("changed", true);
        var steady = await later.WaitForInstanceCompletionAsync("steady", true);
        await next.StopAsync(CancellationToken.None);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, changed.RuntimeStatus);
        Assert.EndsWith(
            "Instance 'changed' of 'Code': its history expected the activity 'Before' as number 0, its code asked for the activity 'After'.", changed.SerializedOutput);
        Assert.Equal(2, steady.ReadOutputAs<int>());
        Assert.False(functions.Runs.ContainsKey("After"));
    }

    [Fact]
    public async Task A_request_that_does_not_end_leaves_the_engine_half_of_the_time_to_drain()
    {
        var clock = new ManualTimeProvider();
        var stopping = new DurableEngine(store, functions, clock, NullLoggerFactory.Instance);
        using var pump = new EngineService(stopping, NullLogger<EngineService>.Instance);
        functions.Orchestrator("Done", _ => Task.FromResult(true));
        var lateClient = new LocalDurableTaskClient(stopping);
        await pump.StartAsync(CancellationToken.None);

        await pump.StoppingAsync(CancellationToken.None);
        var id = await lateClient.ScheduleNewOrchestrationInstanceAsync("Done");
        await lateClient.WaitForInstanceCompletionAsync(id).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(pump.ExecuteTask!.IsCompleted);
        clock.Advance(stopping.Options.DrainTimeout / 2);

        await pump.ExecuteTask.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Instances_that_can_not_be_read_hold_up_nobody_else()
    {
        var clock = new ManualTimeProvider();
        var damaged = UnreadableStore.Over(store, "bad-");
        var crowded = new DurableEngine(
            damaged, functions, clock, NullLoggerFactory.Instance, new EngineOptions { ConcurrentTurns = 2, StoreRetryDelay = TimeSpan.FromSeconds(1) });
        using var pump = new EngineService(crowded, NullLogger<EngineService>.Instance);
        functions.Orchestrator("Done", _ => Task.FromResult(true));
        var patientClient = new LocalDurableTaskClient(crowded);
        foreach (var id in new[] { "bad-1", "bad-2", "bad-3" })
            await patientClient.ScheduleNewOrchestrationInstanceAsync("Done", null, new StartOrchestrationOptions(id));

        await pump.StartAsync(CancellationToken.None);
        var good = await patientClient.ScheduleNewOrchestrationInstanceAsync("Done");

        await patientClient.WaitForInstanceCompletionAsync(good).WaitAsync(TimeSpan.FromSeconds(20));
        await pump.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_failing_store_is_tried_again_until_it_answers()
    {
        using var failing = new FailingStore(store, failures: 3);
        var patient = new DurableEngine(
            failing, functions, TimeProvider.System, NullLoggerFactory.Instance, new EngineOptions { StoreRetryDelay = TimeSpan.FromMilliseconds(1) });
        using var pump = new EngineService(patient, NullLogger<EngineService>.Instance);
        functions.Orchestrator("Done", _ => Task.FromResult(true));
        var patientClient = new LocalDurableTaskClient(patient);

        var id = await patientClient.ScheduleNewOrchestrationInstanceAsync("Done");
        await pump.StartAsync(CancellationToken.None);
        var completed = await patientClient.WaitForInstanceCompletionAsync(id);
        await pump.StopAsync(CancellationToken.None);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, completed.RuntimeStatus);
        Assert.Equal(0, failing.FailuresLeft);
    }
}
