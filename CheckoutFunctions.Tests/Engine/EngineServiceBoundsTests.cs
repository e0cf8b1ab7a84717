using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Under the real pump, with every lane taken by code that never returns: the others go on. The clock is moved by hand.</summary>
public sealed class EngineServiceBoundsTests : IDisposable
{
    // A lease is shorter than a turn's limit: the clock that ends the leases must not end a turn that happens to run meanwhile.
    private static readonly EngineOptions Options = new()
    {
        ConcurrentTurns = 2,
        ConcurrentActivities = 2,
        ActivityLease = TimeSpan.FromSeconds(10),
        AttemptsPastLease = 2,
        DrainTimeout = TimeSpan.Zero,
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SqliteOrchestrationStore store = new(SqliteOrchestrationStore.InMemory);
    private readonly Functions functions = new();
    private readonly ManualTimeProvider clock = new();
    private readonly ErrorLog errors = new();
    private readonly SemaphoreSlim entered = new(0);
    private readonly ManualResetEventSlim release = new();
    private readonly DurableEngine engine;
    private readonly LocalDurableTaskClient client;
    private readonly EngineService service;

    public EngineServiceBoundsTests()
    {
        engine = new DurableEngine(store, functions, clock, errors, Options);
        client = new LocalDurableTaskClient(engine);
        service = new EngineService(engine, NullLogger<EngineService>.Instance);
    }

    public void Dispose()
    {
        release.Set();
        service.Dispose();
        store.Dispose();
    }

    [Fact]
    public async Task Orchestrators_that_never_return_fail_and_free_their_lanes()
    {
        functions
            .Orchestrator("Blocks", _ =>
            {
                Block();
                return Task.FromResult(0);
            })
            .Orchestrator("Done", _ => Task.FromResult(true));
        await service.StartAsync(CancellationToken.None);
        await Start("Blocks", "block-1");
        await Start("Blocks", "block-2");
        await Entered(2);
        await Start("Done", "done");

        clock.Advance(Options.TurnLimit);
        var done = await Completed("done");
        var blocked = new[] { await Completed("block-1"), await Completed("block-2") };

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        Assert.All(blocked, instance => Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus));
        Assert.Contains(errors.Lines, line => line.Contains("block-1"));
        Assert.Contains(errors.Lines, line => line.Contains("block-2"));
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_instance_that_was_given_up_can_start_again_while_its_old_code_still_runs()
    {
        var runs = 0;
        functions.Orchestrator("BlocksOnce", _ =>
        {
            if (Interlocked.Increment(ref runs) == 1)
                Block();
            return Task.FromResult(runs);
        });
        await service.StartAsync(CancellationToken.None);
        await Start("BlocksOnce", "one");
        await Entered(1);
        clock.Advance(Options.TurnLimit);
        await Completed("one");

        await client.RestartAsync("one");

        Assert.Equal(2, (await Completed("one")).ReadOutputAs<int>());
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Activities_that_heed_no_token_free_their_lanes_and_fail_after_a_number_of_attempts()
    {
        functions
            .Activity<int>("Blocks", _ =>
            {
                Block();
                return 0;
            })
            .Activity<int>("Step", step => step)
            .Orchestrator("Calls", async context =>
            {
                var failed = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Blocks"));
                return failed.FailureDetails.ErrorType;
            })
            .Orchestrator("Steps", context => context.CallActivityAsync<int>("Step", 7));
        await service.StartAsync(CancellationToken.None);
        await Start("Calls", "calls-1");
        await Start("Calls", "calls-2");
        await Entered(2);
        await Start("Steps", "first");
        clock.Advance(Options.ActivityLease);
        await Entered(2);
        await Start("Steps", "second");
        clock.Advance(Options.ActivityLease);

        Assert.Equal(7, (await Completed("first")).ReadOutputAs<int>());
        Assert.Equal(7, (await Completed("second")).ReadOutputAs<int>());
        Assert.Equal("System.TimeoutException", (await Completed("calls-1")).ReadOutputAs<string>());
        Assert.Equal("System.TimeoutException", (await Completed("calls-2")).ReadOutputAs<string>());
        Assert.Equal(4, functions.Runs["Blocks"]);
        Assert.Contains(errors.Lines, line => line.Contains("Attempt 2 of Blocks for calls-1 has outlasted its lease"));
        await service.StopAsync(CancellationToken.None);
    }

    private void Block()
    {
        entered.Release();
        release.Wait();
    }

    private async Task Entered(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(await entered.WaitAsync(Patience));
    }

    private Task<string> Start(string orchestrator, string id) =>
        client.ScheduleNewOrchestrationInstanceAsync(orchestrator, null, new StartOrchestrationOptions(id));

    private Task<OrchestrationMetadata> Completed(string id) => client.WaitForInstanceCompletionAsync(id, true).WaitAsync(Patience);

    private sealed class ErrorLog : ILoggerFactory, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> Lines => lines;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                lines.Enqueue(formatter(state, exception));
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Error;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
