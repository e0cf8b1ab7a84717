using System.Reflection;

namespace LocalHost.Functions;

/// <summary>
/// What a function's return value is sent to besides its caller: <c>[QueueOutput]</c> on the method sends the value and leaves it as it is;
/// on properties of its type it sends those, and the caller gets the <c>[HttpResult]</c> property or, where there is none, null.
/// </summary>
internal sealed class FunctionOutputs
{
    private readonly string? queue;
    private readonly (PropertyInfo Property, string Queue)[] properties;
    private readonly PropertyInfo? httpResult;

    private FunctionOutputs(string? queue, (PropertyInfo Property, string Queue)[] properties, PropertyInfo? httpResult)
    {
        this.queue = queue;
        this.properties = properties;
        this.httpResult = httpResult;
    }

    /// <summary>The bindings as a function's definition names them.</summary>
    public IEnumerable<string> QueueNames => queue is null ? properties.Select(output => output.Property.Name) : ["$return"];

    public static FunctionOutputs Of(MethodInfo method, FunctionKind kind)
    {
        var queue = method.GetCustomAttribute<QueueOutputAttribute>()?.QueueName;
        if (queue is not null || kind is FunctionKind.Orchestration)
            return new(queue, [], null);

        var members = ReturnValues.TypeOf(method.ReturnType).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        var outputs = members.Select(property => (Property: property, property.GetCustomAttribute<QueueOutputAttribute>()?.QueueName))
            .Where(output => output.QueueName is not null)
            .Select(output => (output.Property, output.QueueName!));
        return new(null, [.. outputs], kind is FunctionKind.Http ? members.FirstOrDefault(property => property.IsDefined(typeof(HttpResultAttribute))) : null);
    }

    public IEnumerable<(string Queue, object? Message)> MessagesIn(object? returned)
    {
        if (returned is null)
            return [];
        return queue is null ? properties.Select(output => (output.Queue, output.Property.GetValue(returned))) : [(queue, returned)];
    }

    public object? ResultIn(object? returned)
    {
        if (properties.Length == 0 && httpResult is null)
            return returned;
        return returned is null ? null : httpResult?.GetValue(returned);
    }
}
