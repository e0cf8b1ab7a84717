using System.Reflection;
using CheckoutFunctions.Checkout;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Simulation;

/// <summary>The app's code as a world runs it: as it is or, to test the tests, with some of its types replaced by those of the same names in a mutant.</summary>
internal sealed class Code
{
    /// <summary>Where a mutant's types are, so that they never meet the app's.</summary>
    public const string MutantRoot = "Mutants.";

    public const string Root = "CheckoutFunctions.";

    private readonly Assembly? mutant;

    public Code(Assembly? mutant = null)
    {
        this.mutant = mutant;
        Orchestrators = Functions<OrchestrationTriggerAttribute>()
            .ToDictionary(NameOf, method => method.CreateDelegate<Func<TaskOrchestrationContext, Task>>(), StringComparer.OrdinalIgnoreCase);
        Activities = Functions<ActivityTriggerAttribute>().ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The app as it is.</summary>
    public static Code AsItIs { get; } = new();

    public IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task>> Orchestrators { get; }

    public IReadOnlyDictionary<string, MethodInfo> Activities { get; }

    /// <summary>One instance of each class that has activities, made of the parts given and of the app's own classes.</summary>
    public Dictionary<Type, object> Create(params object[] parts) =>
        Activities.Values.Select(method => method.DeclaringType!).Distinct().ToDictionary(type => type, type => Create(type, parts));

    private IEnumerable<MethodInfo> Functions<TTrigger>()
        where TTrigger : Attribute => typeof(CheckoutOrchestrator).Assembly.GetTypes()
        .SelectMany(type => Actual(type).GetMethods())
        .Where(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TTrigger))));

    private static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static object Create(Type type, object[] parts)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILogger<>))
            return Activator.CreateInstance(typeof(NullLogger<>).MakeGenericType(type.GenericTypeArguments))!;

        var constructor = type.GetConstructors().SingleOrDefault() ?? throw new InvalidOperationException($"The world has no {type.Name}.");
        return constructor.Invoke(constructor.GetParameters()
            .Select(parameter => Array.Find(parts, parameter.ParameterType.IsInstanceOfType) ?? Create(parameter.ParameterType, parts)).ToArray());
    }

    private Type Actual(Type type) => mutant?.GetType(type.FullName!.Replace(Root, MutantRoot, StringComparison.Ordinal)) ?? type;
}
