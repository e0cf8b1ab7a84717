using System.Reflection;
using System.Text.Json;

namespace LocalHost.Functions;

/// <summary>Reads trigger data as the Functions worker does: names in any case, unknown members ignored, strict otherwise.</summary>
internal static class TriggerJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static object? Read(string json, Type type)
    {
        if (!TakesNull(type) && json.AsSpan().Trim().SequenceEqual("null"))
            throw new NullReferenceException($"There is no value for a parameter of type {type.Name}, which can't be null.");
        return JsonSerializer.Deserialize(json, type, Options);
    }

    public static object? Read(JsonElement json, Type type) => json.Deserialize(type, Options);

    public static bool TakesNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    public static FunctionInputConverterException NoValueFor(ParameterInfo parameter) => new(
        $"Error converting 1 input parameters for Function '{parameter.Member.GetCustomAttribute<FunctionAttribute>()?.Name}': Could not populate the value for '{parameter.Name}' parameter. Consider adding a default value or making the parameter nullable.");
}
