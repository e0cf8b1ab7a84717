using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Functions;

internal enum FunctionKind
{
    Http,
    Orchestration,
    Activity,
    Queue,
    Timer,
}

/// <summary>A method marked <c>[Function]</c>: what triggers it, and how its arguments are bound.</summary>
internal sealed class LocalFunction
{
    private readonly Func<object?, Task<object?>> result;
    private readonly ParameterBinding[] bindings;
    private readonly ObjectFactory? construct;

    public LocalFunction(string name, MethodInfo method, FunctionKind kind, ParameterInfo trigger, Attribute triggerAttribute)
    {
        Name = name;
        Method = method;
        Kind = kind;
        Trigger = trigger;
        TriggerAttribute = triggerAttribute;
        Outputs = FunctionOutputs.Of(method, kind);
        BindsBody = method.GetParameters().Any(parameter => parameter.IsDefined(typeof(FromBodyAttribute)));
        Definition = new LocalFunctionDefinition(this);
        bindings = ParameterBindings.Of(this);
        result = ReturnValues.ReaderFor(method.ReturnType);
        if (!method.IsStatic)
            construct = ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);
    }

    public string Name { get; }

    public MethodInfo Method { get; }

    public FunctionKind Kind { get; }

    public ParameterInfo Trigger { get; }

    public Attribute TriggerAttribute { get; }

    public FunctionOutputs Outputs { get; }

    /// <summary>A parameter is the request's body.</summary>
    public bool BindsBody { get; }

    public LocalFunctionDefinition Definition { get; }

    public override string ToString() => $"'{Name}' ({Method.DeclaringType?.FullName}.{Method.Name})";

    /// <summary>Calls the method, on an instance of its own; what it throws comes out as it was thrown.</summary>
    public Task<object?> Call(TriggerInput input, FunctionContext context)
    {
        var target = construct?.Invoke(context.InstanceServices, null);
        var arguments = Array.ConvertAll(bindings, bind => bind(input, context));
        return result(Method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null));
    }
}
