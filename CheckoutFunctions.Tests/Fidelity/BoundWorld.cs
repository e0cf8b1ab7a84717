using CheckoutFunctions.Tests.Engine;
using LocalHost;
using LocalHost.Functions;
using LocalHost.QueueTriggers;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Fidelity;

/// <summary>The engine on a virtual clock, over functions that are found and bound as an app's are.</summary>
internal static class BoundWorld
{
    public static EngineWorld Of(params Type[] functions)
    {
        var scopes = new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>();
        // None of these functions sends a message, so there are no queues.
        var outputs = new QueueOutputs(null!, new HostJson());
        return new EngineWorld(code: new TaskFunctions(FunctionCatalog.Discover(functions), new FunctionInvoker(scopes, outputs)));
    }

    /// <summary>Runs an orchestration alone and gives what it returns.</summary>
    public static async Task<T?> Run<T>(Type functions, string orchestrator, object? input = null)
    {
        using var world = Of(functions);
        await world.Start(orchestrator, input);
        return await world.Complete<T>();
    }
}
