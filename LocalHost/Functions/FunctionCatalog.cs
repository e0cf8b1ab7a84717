using System.Reflection;

namespace LocalHost.Functions;

/// <summary>The functions of an app, by name in alphabetical order; names are case-insensitive.</summary>
internal sealed class FunctionCatalog
{
    private readonly SortedDictionary<string, LocalFunction> functions = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<LocalFunction> All => functions.Values;

    public IEnumerable<LocalFunction> Of(FunctionKind kind) => All.Where(function => function.Kind == kind);

    public LocalFunction? Find(FunctionKind kind, string name) =>
        functions.TryGetValue(name, out var function) && function.Kind == kind ? function : null;

    /// <summary>Finds the public <c>[Function]</c> methods of the given types.</summary>
    public static FunctionCatalog Discover(IEnumerable<Type> types)
    {
        var catalog = new FunctionCatalog();
        var methods = types.Where(type => type is { IsClass: true, ContainsGenericParameters: false } && (!type.IsAbstract || type.IsSealed))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly));
        foreach (var method in methods)
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
                catalog.Add(function.Name, method);
        }

        return catalog;
    }

    private void Add(string name, MethodInfo method)
    {
        var triggers = method.GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes().Select(attribute => (Parameter: parameter, Attribute: attribute, Kind: KindOf(attribute))))
            .Where(found => found.Kind is not null)
            .ToList();
        if (triggers is not [var trigger])
            throw new LocalHostException($"Function '{name}' ({method.DeclaringType?.FullName}.{method.Name}) needs exactly one trigger and has {triggers.Count}.");

        var function = new LocalFunction(name, method, trigger.Kind!.Value, trigger.Parameter, trigger.Attribute);
        if (functions.TryGetValue(name, out var other))
            throw new LocalHostException($"Two functions have the same name: {other} and {function}.");
        functions.Add(name, function);
    }

    private static FunctionKind? KindOf(Attribute attribute) => attribute switch
    {
        HttpTriggerAttribute => FunctionKind.Http,
        OrchestrationTriggerAttribute => FunctionKind.Orchestration,
        ActivityTriggerAttribute => FunctionKind.Activity,
        QueueTriggerAttribute => FunctionKind.Queue,
        TimerTriggerAttribute => FunctionKind.Timer,
        _ => null,
    };
}
