using System.Collections.Immutable;

namespace LocalHost.Functions;

/// <summary>A function as the SDK describes it to the code that runs in it.</summary>
internal sealed class LocalFunctionDefinition(LocalFunction function) : FunctionDefinition
{
    public override string Id => function.Name;

    public override string Name => function.Name;

    public override string PathToAssembly => function.Method.Module.Assembly.Location;

    public override string EntryPoint => $"{function.Method.DeclaringType?.FullName}.{function.Method.Name}";

    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. function.Method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } =
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(function.Trigger.Name!, new Binding(function.Trigger.Name!, TriggerType(function.Kind), BindingDirection.In));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } =
        function.Outputs.QueueNames.ToImmutableDictionary(name => name, name => (BindingMetadata)new Binding(name, "queue", BindingDirection.Out));

    private static string TriggerType(FunctionKind kind) => kind switch
    {
        FunctionKind.Http => "httpTrigger",
        FunctionKind.Orchestration => "orchestrationTrigger",
        FunctionKind.Activity => "activityTrigger",
        FunctionKind.Timer => "timerTrigger",
        _ => "queueTrigger",
    };

    private sealed class Binding(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
