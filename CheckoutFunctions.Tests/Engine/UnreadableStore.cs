using System.Reflection;
using LocalHost.Storage;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>A store with instances whose turns can't be read, as where a newer program wrote them.</summary>
public class UnreadableStore : DispatchProxy
{
    private IOrchestrationStore? store;
    private string prefix = string.Empty;

    public static IOrchestrationStore Over(IOrchestrationStore store, string prefix)
    {
        var proxy = Create<IOrchestrationStore, UnreadableStore>();
        (((UnreadableStore)(object)proxy).store, ((UnreadableStore)(object)proxy).prefix) = (store, prefix);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IOrchestrationStore.ReadTurn) && ((string)args![0]!).StartsWith(prefix, StringComparison.Ordinal)
            ? throw new System.Text.Json.JsonException("An event of an unknown kind.")
            : targetMethod.Invoke(store, args);
}
