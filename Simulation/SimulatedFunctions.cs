using System.Reflection;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Refunds;
using LocalHost.Engine;

namespace Simulation;

/// <summary>The app's own orchestrator and activities, with the world's faults around every activity.</summary>
internal sealed class SimulatedFunctions(IReadOnlyDictionary<Type, object> instances, Faults faults) : ITaskFunctions
{
    private static readonly Dictionary<string, MethodInfo> Activities = typeof(CheckoutOrchestrator).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<ActivityTriggerAttribute>() is not null))
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> ActivityNames => Activities.Keys;

    public bool HasOrchestrator(string name) => name is CheckoutOrchestrator.Name or RefundOrchestrator.Name;

    public bool HasActivity(string name) => Activities.ContainsKey(name);

    public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
    {
        await (name == RefundOrchestrator.Name ? RefundOrchestrator.Run(context) : CheckoutOrchestrator.Run(context));
        return null;
    }

    public Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation) =>
        faults.Around(name, () => Call(Activities[name], inputJson));

    private async Task<object?> Call(MethodInfo method, string? inputJson)
    {
        var arguments = method.GetParameters().Select(parameter => parameter.ParameterType == typeof(CancellationToken)
            ? CancellationToken.None
            : DurableJson.Deserialize(inputJson, parameter.ParameterType)).ToArray();
        var returned = method.Invoke(instances[method.DeclaringType!], BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is not Task task)
            return returned;

        await task;
        return task.GetType().GetProperty("Result") is { } result && result.PropertyType.Name != "VoidTaskResult" ? result.GetValue(task) : null;
    }
}
