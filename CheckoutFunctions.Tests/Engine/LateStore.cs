using System.Reflection;
using LocalHost.Storage;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>A store in which something happens at the end of a call: of the pump's look for work, or another.</summary>
public class LateStore : DispatchProxy
{
    private IOrchestrationStore? store;
    private Action? between;
    private string? call;

    public static IOrchestrationStore Over(IOrchestrationStore store, Action between, string call = nameof(IOrchestrationStore.Look))
    {
        var proxy = Create<IOrchestrationStore, LateStore>();
        ((LateStore)(object)proxy).store = store;
        ((LateStore)(object)proxy).between = between;
        ((LateStore)(object)proxy).call = call;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(store, args);
        if (targetMethod.Name == call)
            between!();
        return answer;
    }
}
