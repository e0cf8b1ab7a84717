using LocalHost.Engine;
using LocalHost.Engine.Replay;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Code that takes too long, asks for too much, or says too much: its own instance bears it, and says so.</summary>
public sealed class BoundsTests : IDisposable
{
    private const int FiveMegabytes = 5_000_000;

    private readonly EngineWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task A_disk_that_takes_longer_than_a_turn_may_is_no_fault_of_the_orchestrator()
    {
        using var store = new SqliteOrchestrationStore(SqliteOrchestrationStore.InMemory);
        var clock = new ManualTimeProvider();
        var slow = LateStore.Over(store, () => clock.Advance(EngineWorld.Options.TurnLimit), nameof(IOrchestrationStore.ReadHistory));
        using var world = new EngineWorld(slow, clock);
        world.Functions.Orchestrator("Waits", context => context.WaitForExternalEvent<int>("Go"));
        await world.Start("Waits");
        await world.Settle();
        await world.Client.RaiseEventAsync("one", "Go", 7);

        Assert.Equal(7, await world.Complete<int>());
    }

    [Fact]
    public async Task An_orchestrator_that_holds_its_thread_fails_by_name_and_what_it_comes_to_later_is_discarded()
    {
        Exception? late = null;
        world.Functions.Orchestrator("Sleeps", async context =>
        {
            world.Time.Advance(EngineWorld.Options.TurnLimit);
            SpinWait.SpinUntil(() => (late = Record.Exception(() => context.NewGuid())) is not null, TimeSpan.FromSeconds(60));
            return await Task.FromResult("late");
        });

        await world.Start("Sleeps");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Contains("Orchestrator 'Sleeps' of instance 'one' held its thread for more than 60 s in one turn.", Unescaped(instance));
        Assert.IsType<InvalidOperationException>(late);
        Assert.Collection(
            world.Store.ReadHistory("one"),
            happened => Assert.IsType<OrchestratorStarted>(happened),
            happened => Assert.IsType<ExecutionStarted>(happened),
            happened => Assert.IsType<ExecutionCompleted>(happened));
    }

    [Fact]
    public async Task A_parent_hears_of_a_child_that_holds_its_thread()
    {
        world.Functions
            .Orchestrator("Sleeps", _ =>
            {
                world.Time.Advance(EngineWorld.Options.TurnLimit);
                return Task.FromResult("late");
            })
            .Orchestrator("Parent", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Sleeps"));
                return failed.FailureDetails.ErrorType;
            });

        await world.Start("Parent");

        Assert.Equal("System.TimeoutException", await world.Complete<string>());
    }

    [Fact]
    public async Task A_turn_that_ends_in_time_is_not_given_up_later()
    {
        world.Functions.Orchestrator("Waits", async context =>
        {
            await context.CreateTimer(10 * EngineWorld.Options.TurnLimit, CancellationToken.None);
            return "on time";
        });

        await world.Start("Waits");

        Assert.Equal("on time", await world.Complete<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_that_asks_for_tasks_without_end_fails_whether_or_not_its_code_catches_that(bool catches)
    {
        var asked = 0;
        world.Functions.Orchestrator("Greedy", async context =>
        {
            while (asked < 2 * Outputs.ActionsPerTurn)
            {
                asked++;
                try
                {
                    _ = context.CallActivityAsync("More");
                }
                catch (InvalidOperationException) when (catches)
                {
                    break;
                }
            }

            return await Task.FromResult("enough");
        });

        await world.Start("Greedy");
        await world.Settle();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Contains("asked for more than 100000 tasks", instance.SerializedOutput);
        Assert.Equal(Outputs.ActionsPerTurn + 1, asked);
        Assert.Empty(world.Engine.Runnable());
    }

    [Fact]
    public async Task One_that_continues_as_new_for_ever_leaves_the_others_their_turns()
    {
        world.Functions
            .Orchestrator("Forever", context =>
            {
                context.ContinueAsNew(context.GetInput<int>() + 1);
                return Task.FromResult(0);
            })
            .Activity<int>("Step", step => step)
            .Orchestrator("Steps", async context =>
            {
                for (var step = 0; step < 5; step++)
                    await context.CallActivityAsync<int>("Step", step);
                return "through";
            });
        await world.Start("Forever", 0, id: "forever");
        await world.Start("Steps");

        for (var step = 0; step < 40; step++)
        {
            // Activities have lanes of their own; the question is who gets the turns.
            await world.Engine.RunOneAsync(runnable => runnable.FirstOrDefault(item => item is ActivityWorkItem) ?? runnable[0]);
            world.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("through", (await world.Get()).ReadOutputAs<string>());
        Assert.InRange((await world.Get("forever")).ReadInputAs<int>(), 10, 40);
    }

    [Fact]
    public async Task One_that_calls_activities_for_ever_leaves_the_others_their_turns()
    {
        world.Functions
            .Activity<int>("Step", step => step)
            .Orchestrator("Forever", async context =>
            {
                while (await context.CallActivityAsync<int>("Step", 1) > 0)
                {
                }

                return 0;
            })
            .Orchestrator("Steps", async context =>
            {
                for (var step = 0; step < 5; step++)
                    await context.CallActivityAsync<int>("Step", step);
                return "through";
            });
        await world.Start("Forever", 0, id: "forever");
        await world.Start("Steps");

        for (var step = 0; step < 40; step++)
        {
            // Activities have lanes of their own; the question is who gets the turns.
            await world.Engine.RunOneAsync(runnable => runnable.FirstOrDefault(item => item is ActivityWorkItem) ?? runnable[0]);
            world.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("through", (await world.Get()).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Five_megabytes_pass_whole_as_input_result_event_and_output()
    {
        var text = string.Concat(Enumerable.Repeat("5 MB: \"ü\" ", FiveMegabytes / 10));
        world.Functions
            .Activity<string>("Echo", said => said)
            .Orchestrator("Child", context => context.CallActivityAsync<string>("Echo", context.GetInput<string>()))
            .Orchestrator("Big", async context =>
            {
                var said = await context.CallSubOrchestratorAsync<string>("Child", context.GetInput<string>());
                return said == await context.WaitForExternalEvent<string>("Go") ? said : "something else";
            });

        await world.Start("Big", text);
        await world.Client.RaiseEventAsync("one", "Go", text);

        Assert.Equal(text, await world.Complete<string>());
    }

    [Theory]
    [InlineData(100_000, false)]
    [InlineData(1_000_000, false)]
    [InlineData(3_000_000, true)]
    public async Task The_text_of_a_failure_arrives_whole_up_to_two_million_characters_and_then_says_what_is_missing(int length, bool cut)
    {
        world.Functions
            .Activity<int>("Throws", size => throw new InvalidOperationException(new string('x', size)))
            .Orchestrator("Calls", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Throws", length))).FailureDetails.ErrorMessage);

        await world.Start("Calls");

        var expected = cut ? new string('x', Failure.TextLimit) + "… (cut: 3000000 characters)" : new string('x', length);
        Assert.Equal(expected, await world.Complete<string>());
    }

    [Fact]
    public async Task An_orchestrator_that_throws_a_megabyte_fails_with_all_of_it()
    {
        var text = new string('x', 1_000_000);
        world.Functions.Orchestrator("Throws", Task<int> (_) => throw new InvalidOperationException(text));

        await world.Start("Throws");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal((OrchestrationRuntimeStatus.Failed, "System.InvalidOperationException: " + text), (instance.RuntimeStatus, instance.SerializedOutput));
    }

    [Fact]
    public async Task Of_causes_without_end_the_outer_ones_are_kept()
    {
        world.Functions
            .Activity<int>("Throws", _ => throw Enumerable.Range(0, 500).Aggregate(new TimeoutException("0"), (inner, n) => new TimeoutException($"{n + 1}", inner)))
            .Orchestrator("Child", async context =>
            {
                await context.CallActivityAsync("Throws");
                return 0;
            })
            .Orchestrator("Calls", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Child"));
                var depth = 0;
                for (var cause = failed.FailureDetails; cause is not null; cause = cause.InnerFailure)
                    depth++;
                return depth;
            });

        await world.Start("Calls");

        Assert.Equal(Failure.DepthLimit + 1, await world.Complete<int>());
    }

    [Fact]
    public async Task An_exception_whose_message_throws_is_a_failure_like_any()
    {
        world.Functions
            .Activity<int>("Throws", _ => throw new Unreadable())
            .Orchestrator("Calls", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Throws"))).FailureDetails.ErrorMessage);

        await world.Start("Calls");

        Assert.Equal("(The message of this exception can't be read: System.NotSupportedException.)", await world.Complete<string>());
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_as_JSON_fails_the_instance()
    {
        var cycle = new List<object>();
        cycle.Add(cycle);
        world.Functions.Orchestrator("Cycle", _ => Task.FromResult(cycle));

        await world.Start("Cycle");
        await world.Settle();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.StartsWith("System.Text.Json.JsonException: ", instance.SerializedOutput);
    }

    [Fact]
    public async Task An_exception_out_of_an_async_void_fails_the_instance()
    {
        world.Functions.Orchestrator("Fires", async context =>
        {
            Forget(context);
            await context.CreateTimer(TimeSpan.FromMinutes(2), CancellationToken.None);
            return "never";
        });

        await world.Start("Fires");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal((OrchestrationRuntimeStatus.Failed, "System.InvalidOperationException: forgotten"), (instance.RuntimeStatus, instance.SerializedOutput));

        static async void Forget(TaskOrchestrationContext context)
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            throw new InvalidOperationException("forgotten");
        }
    }

    [Fact]
    public async Task A_turn_that_could_not_be_given_up_is_given_up_at_the_next_try()
    {
        var store = new FailingStore(world.Store, failures: 1);
        var engine = new DurableEngine(store, world.Functions, world.Time, NullLoggerFactory.Instance);
        world.Functions.Orchestrator("Sleeps", _ =>
        {
            world.Time.Advance(EngineWorld.Options.TurnLimit);
            world.Time.Advance(EngineWorld.Options.TurnLimit);
            return Task.FromResult("late");
        });
        await world.Start("Sleeps");

        await engine.RunAsync(world.Engine.Runnable()[0]);

        Assert.Equal(0, store.FailuresLeft);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await world.Get()).RuntimeStatus);
    }

    private static string Unescaped(OrchestrationMetadata instance) =>
        System.Text.Json.JsonDocument.Parse(instance.SerializedOutput!).RootElement.GetProperty("details").GetString()!;

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new NotSupportedException();
    }
}
