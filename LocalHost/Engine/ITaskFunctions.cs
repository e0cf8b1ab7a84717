namespace LocalHost.Engine;

/// <summary>What the engine runs: it knows no function itself. Names are case-insensitive.</summary>
public interface ITaskFunctions
{
    /// <summary>The names that are told to whoever started another one.</summary>
    IReadOnlyCollection<string> Orchestrators => [];

    bool HasOrchestrator(string name);

    bool HasActivity(string name);

    /// <summary>
    /// Runs the orchestrator's code from the top. Whatever stands between the engine and that code must await without
    /// <c>ConfigureAwait(false)</c>: a turn runs on one thread, under the engine's own synchronization context.
    /// </summary>
    Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context);

    /// <summary>Runs an activity. Its exception becomes the caller's <see cref="TaskFailedException"/>, so a wrapper throws the function's own exception.</summary>
    Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation);
}
