using System.Reflection;
using System.Text.Json;

namespace LocalHost.Functions;

/// <summary>An orchestrator's input as a parameter of its own: the first one that nothing else binds to.</summary>
internal static class OrchestrationInput
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    public static ParameterInfo? ParameterOf(LocalFunction function) => function.Method.GetParameters().FirstOrDefault(parameter =>
        parameter != function.Trigger
        && parameter.ParameterType != typeof(FunctionContext)
        && parameter.ParameterType != typeof(CancellationToken)
        && !parameter.IsDefined(typeof(DurableClientAttribute)));

    public static ParameterBinding BindingOf(ParameterInfo parameter)
    {
        var read = GetInput.MakeGenericMethod(parameter.ParameterType);
        return (input, _) => Bind(parameter, read, input.Orchestration!);
    }

    private static object? Bind(ParameterInfo parameter, MethodInfo read, TaskOrchestrationContext context)
    {
        var value = read.Invoke(context, BindingFlags.DoNotWrapExceptions, null, null, null);
        if (!TriggerJson.TakesNull(parameter.ParameterType) && context.GetInput<JsonElement?>() is null)
            return parameter.HasDefaultValue ? parameter.DefaultValue : throw TriggerJson.NoValueFor(parameter);

        // As the worker does: a value whose type isn't exactly the parameter's is dropped, so int? never gets its number.
        return value?.GetType() == parameter.ParameterType ? value : null;
    }
}
