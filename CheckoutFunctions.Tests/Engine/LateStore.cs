using System.Reflection;
using LocalHost.Storage;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>A store in which something happens, once, at the end of the pump's look for work.</summary>
public class LateStore : DispatchProxy
{
    private IOrchestrationStore? store;
    private Action? between;

    public static IOrchestrationStore Over(IOrchestrationStore store, Action between)
    {
        var proxy = Create<IOrchestrationStore, LateStore>();
        ((LateStore)(object)proxy).store = store;
        ((LateStore)(object)proxy).between = between;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(store, args);
        if (targetMethod.Name == nameof(IOrchestrationStore.Look))
            between!();
        return answer;
    }
}
