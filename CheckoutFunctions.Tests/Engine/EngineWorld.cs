using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>An engine on a virtual clock and an in-memory store, with functions written as lambdas.</summary>
internal sealed class EngineWorld : IDisposable
{
    private readonly bool ownsStore;

    /// <param name="live">Keep executions between turns; otherwise each turn replays from the start, so that every test is one of replay too.</param>
    /// <param name="code">What runs instead of <paramref name="functions"/>.</param>
    public EngineWorld(
        IOrchestrationStore? store = null,
        ManualTimeProvider? time = null,
        Functions? functions = null,
        IEngineFaults? faults = null,
        bool live = false,
        Versioning? versions = null,
        EngineOptions? options = null,
        ITaskFunctions? code = null)
    {
        ownsStore = store is null;
        Store = store ?? new SqliteOrchestrationStore(SqliteOrchestrationStore.InMemory);
        Time = time ?? new ManualTimeProvider();
        Functions = functions ?? new Functions();
        options ??= Options with { LiveInstances = live ? 2 : 0, Versions = versions ?? new() };
        Engine = new DurableEngine(Store, code ?? Functions, Time, NullLoggerFactory.Instance, options, faults);
        Client = new LocalDurableTaskClient(Engine);
    }

    public static EngineOptions Options { get; } = new() { LiveInstances = 0 };

    public IOrchestrationStore Store { get; }

    public ManualTimeProvider Time { get; }

    public Functions Functions { get; }

    public DurableEngine Engine { get; }

    public LocalDurableTaskClient Client { get; }

    public Task<string> Start(string orchestrator, object? input = null, string id = "one", DateTimeOffset? startAt = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(id, startAt));

    /// <summary>Runs what can run now.</summary>
    public async Task Settle()
    {
        while (await Engine.RunOneAsync())
        {
        }
    }

    /// <summary>Runs until nothing is left, letting the time pass.</summary>
    public async Task RunToEnd()
    {
        await Settle();
        while (Engine.NextVisibleTime() is { } next)
        {
            Time.AdvanceTo(next);
            await Settle();
        }
    }

    public async Task<OrchestrationMetadata> Get(string id = "one") =>
        await Client.GetInstanceAsync(id, getInputsAndOutputs: true) ?? throw new InvalidOperationException($"There is no instance {id}.");

    /// <summary>Runs to the end and gives the output of an instance that completed.</summary>
    public async Task<T?> Complete<T>(string id = "one")
    {
        await RunToEnd();
        var instance = await Get(id);
        Assert.True(instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{instance.RuntimeStatus}: {instance.SerializedOutput}");
        return instance.ReadOutputAs<T>();
    }

    public void Dispose()
    {
        if (ownsStore)
            Store.Dispose();
    }
}
