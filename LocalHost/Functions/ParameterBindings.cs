using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using LocalHost.HttpTriggers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Functions;

internal delegate object? ParameterBinding(TriggerInput input, FunctionContext context);

/// <summary>Decides once, at the start, where each parameter's value comes from; a parameter that nothing fills refuses the start.</summary>
internal static class ParameterBindings
{
    public static ParameterBinding[] Of(LocalFunction function) =>
        Array.ConvertAll(function.Method.GetParameters(), parameter => Of(function, parameter));

    private static ParameterBinding Of(LocalFunction function, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return (_, context) => context;
        if (type == typeof(CancellationToken))
            return (_, context) => context.CancellationToken;
        if (parameter.IsDefined(typeof(DurableClientAttribute)) && type == typeof(DurableTaskClient))
            return (_, context) => context.InstanceServices.GetRequiredService<DurableTaskClient>();

        var binding = function.Kind switch
        {
            FunctionKind.Http => Http(parameter, isTrigger: parameter == function.Trigger),
            FunctionKind.Orchestration when parameter == function.Trigger => type == typeof(TaskOrchestrationContext) ? (input, _) => input.Orchestration : null,
            FunctionKind.Orchestration => parameter == OrchestrationInput.ParameterOf(function) ? OrchestrationInput.BindingOf(parameter) : null,
            FunctionKind.Activity when parameter == function.Trigger => (input, _) => TriggerJson.Read(input.Text ?? "null", type),
            FunctionKind.Activity => HasMember(function.Trigger.ParameterType, parameter.Name!) ? ByName(parameter) : null,
            FunctionKind.Queue or FunctionKind.Timer when parameter == function.Trigger => type == typeof(string) ? (input, _) => input.Text : (input, _) => TriggerJson.Read(input.Text!, type),
            FunctionKind.Queue => parameter.Name is "id" or "dequeueCount" ? ByName(parameter) : null,
            _ => null,
        };
        return binding ?? throw new LocalHostException(
            $"Function {function} can't start: nothing binds to its parameter '{type.Name} {parameter.Name}'.");
    }

    private static ParameterBinding? Http(ParameterInfo parameter, bool isTrigger)
    {
        if (parameter.ParameterType == typeof(HttpRequest))
            return (input, _) => input.Http!.Request;
        if (parameter.ParameterType == typeof(HttpContext))
            return (input, _) => input.Http;
        if (parameter.IsDefined(typeof(FromBodyAttribute)))
            return (input, _) => RequestBody.Read(input.Http!.Request, input.Body!, parameter.ParameterType);
        return isTrigger ? null : ByName(parameter);
    }

    private static bool HasMember(Type inputType, string name) =>
        name.Equals("instanceId", StringComparison.OrdinalIgnoreCase)
        || inputType == typeof(object)
        || inputType == typeof(JsonElement)
        || inputType.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is not null;

    private static ParameterBinding? ByName(ParameterInfo parameter)
    {
        var converter = TypeDescriptor.GetConverter(parameter.ParameterType);
        if (!converter.CanConvertFrom(typeof(string)))
            return null;

        return (input, _) => input.Values.GetValueOrDefault(parameter.Name!) switch
        {
            null => Missing(parameter),
            JsonElement json => TriggerJson.Read(json, parameter.ParameterType),
            string text => converter.ConvertFromInvariantString(text),
            var value when parameter.ParameterType.IsInstanceOfType(value) => value,
            var value => converter.ConvertFromInvariantString(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
        };
    }

    private static object? Missing(ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue)
            return parameter.DefaultValue;
        return TriggerJson.TakesNull(parameter.ParameterType) ? null : throw TriggerJson.NoValueFor(parameter);
    }
}
