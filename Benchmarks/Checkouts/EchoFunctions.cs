using LocalHost.Engine;

namespace Benchmarks.Checkouts;

/// <summary>The smallest orchestration that has turns: it waits for one event after another.</summary>
internal sealed class EchoFunctions : ITaskFunctions
{
    public const string Name = "Echo";
    public const string Event = "Command";

    public bool HasOrchestrator(string name) => name == Name;

    public bool HasActivity(string name) => false;

    public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
    {
        for (var left = context.GetInput<int>(); left > 0; left--)
            await context.WaitForExternalEvent<string>(Event);
        return null;
    }

    public Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation) =>
        throw new InvalidOperationException("An echo has no activities.");
}
