using System.Collections.Concurrent;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Functions for the engine's tests, by name. Counts how often each activity ran.</summary>
internal sealed class Functions : ITaskFunctions
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<string?, CancellationToken, Task<object?>>> activities = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, int> Runs { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Functions Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> code)
    {
        orchestrators[name] = async context => await code(context);
        return this;
    }

    public Functions Activity<TInput>(string name, Func<TInput?, object?> code) =>
        Activity<TInput>(name, (input, _) => Task.FromResult(code(input)));

    public Functions Activity<TInput>(string name, Func<TInput?, CancellationToken, Task<object?>> code)
    {
        activities[name] = (json, cancellation) => code(DurableJson.Deserialize<TInput>(json), cancellation);
        return this;
    }

    public IReadOnlyCollection<string> Orchestrators => orchestrators.Keys;

    public bool HasOrchestrator(string name) => orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => activities.ContainsKey(name);

    public Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context) => orchestrators[name](context);

    public Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation)
    {
        Runs.AddOrUpdate(name, 1, (_, runs) => runs + 1);
        return activities[name](inputJson, cancellation);
    }
}
