using System.Reflection;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Refunds;
using LocalHost.Engine;

namespace Simulation;

/// <summary>The app's own orchestrator and activities, with the world's faults around every activity.</summary>
internal sealed class SimulatedFunctions(Code code, IReadOnlyDictionary<Type, object> instances, Faults faults) : ITaskFunctions
{
    public static IReadOnlyList<string> ActivityNames { get; } = Code.AsItIs.Activities.Keys.Order(StringComparer.Ordinal).ToList();

    public static IReadOnlyList<string> OrchestratorNames { get; } = Code.AsItIs.Orchestrators.Keys.Order(StringComparer.Ordinal).ToList();

    /// <summary>A turn says only whose it is.</summary>
    public static string OrchestratorOf(string instanceId) => instanceId.StartsWith("chk_", StringComparison.Ordinal) ? CheckoutOrchestrator.Name : RefundOrchestrator.Name;

    public Undone Undone { get; } = new();

    public bool HasOrchestrator(string name) => code.Orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => code.Activities.ContainsKey(name);

    public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
    {
        await code.Orchestrators[name](context);
        return null;
    }

    public Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation) =>
        faults.Around(name, instanceId, () => Call(name, inputJson));

    private async Task<object?> Call(string name, string? inputJson)
    {
        var result = await Call(code.Activities[name], inputJson);
        Undone.Note(name, inputJson);
        return result;
    }

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
