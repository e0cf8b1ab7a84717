using LocalHost.Engine;
using LocalHost.Engine.Replay;

namespace LocalHost.Functions;

/// <summary>The app's orchestrators and activities, as the engine runs them.</summary>
internal sealed class TaskFunctions(FunctionCatalog functions, FunctionInvoker invoker) : ITaskFunctions
{
    public IReadOnlyCollection<string> Orchestrators { get; } = [.. functions.Of(FunctionKind.Orchestration).Select(function => function.Name)];

    public bool HasOrchestrator(string name) => functions.Find(FunctionKind.Orchestration, name) is not null;

    public bool HasActivity(string name) => functions.Find(FunctionKind.Activity, name) is not null;

    /// <summary>Runs an orchestrator from its top. A run that stops at an open durable task and is dropped there never completes.</summary>
    public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
    {
        var invocation = invoker.Begin(Function(FunctionKind.Orchestration, name), TriggerInput.Of(context));
        if (context is ReplayContext replay)
            replay.Release = EndScope;
        try
        {
            return await invocation.Run();
        }
        finally
        {
            EndScope();
        }

        // Not awaited: an orchestrator may wait for durable tasks only.
        void EndScope() => _ = invocation.DisposeAsync().AsTask();
    }

    public async Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation)
    {
        await using var invocation = invoker.Begin(
            Function(FunctionKind.Activity, name), TriggerInput.OfActivity(instanceId, inputJson), cancellation);
        return await invocation.Run();
    }

    private LocalFunction Function(FunctionKind kind, string name) =>
        functions.Find(kind, name) ?? throw new InvalidOperationException($"There is no {kind} function named '{name}'.");
}
