using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Refunds;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>What crosses a durable boundary: activities' requests and results, the orchestration's state, its event; and all that they hold.</summary>
internal static class DurableRecords
{
    private static readonly HashSet<Type> Simple =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(decimal), typeof(Guid), typeof(DateTimeOffset), typeof(TimeSpan),
    ];

    private static readonly HashSet<Type> Containers = [typeof(IReadOnlyList<>), typeof(IReadOnlyDictionary<,>)];

    /// <summary>The payloads themselves.</summary>
    public static IReadOnlyList<Type> Roots { get; } =
        [.. AppFunctions.Activities.Select(AppFunctions.InputOf)
            .Concat(AppFunctions.Activities.Select(AppFunctions.ResultOf).OfType<Type>())
            .Append(typeof(CheckoutState))
            .Append(typeof(CheckoutCommand))
            .Append(typeof(RefundState))
            .Distinct()
            .OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>The payloads and every type of ours inside them.</summary>
    public static IReadOnlyList<Type> All { get; } = [.. Reachable(Roots).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);

    /// <summary>The names under which a record's members are written.</summary>
    public static IReadOnlyList<string> NamesOf(Type record) => [.. Written(record).Select(property => property.Name)];

    /// <summary>Why this type can't be trusted to come back as it went.</summary>
    public static IEnumerable<string> Violations(Type type)
    {
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValues(type))
            {
                if (!DurableJson.Serialize(value).StartsWith('"'))
                    yield return $"{type.Name}.{value} is written as a number: give the enum a JsonStringEnumConverter.";
            }

            yield break;
        }

        if (!type.IsSealed)
            yield return $"{type.Name} is not sealed: its heirs would come back as it.";
        if (!IsRecord(type))
            yield return $"{type.Name} is not a record.";
        foreach (var property in Written(type).Where(property => !IsPlain(property.PropertyType)))
            yield return $"{type.Name}.{property.Name} is a {property.PropertyType.Name}: neither a simple type, a sealed record, nor a read-only list or dictionary of those.";
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is { } set && !IsInit(set)))
            yield return $"{type.Name}.{property.Name} can be set after construction.";
    }

    private static IEnumerable<JsonPropertyInfo> Written(Type record) =>
        JsonSerializerOptions.Default.GetTypeInfo(record).Properties.Where(property => property.Get is not null);

    private static IEnumerable<Type> Reachable(IEnumerable<Type> roots)
    {
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(roots);
        while (open.TryDequeue(out var type))
        {
            if (Simple.Contains(type) || !seen.Add(type) || type.IsEnum)
                continue;
            foreach (var inner in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => Inner(property.PropertyType)))
                open.Enqueue(inner);
        }

        return seen;
    }

    private static IEnumerable<Type> Inner(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(Inner) : [type];

    private static bool IsPlain(Type type) => type switch
    {
        { IsGenericType: true } => (Containers.Contains(type.GetGenericTypeDefinition()) || Nullable.GetUnderlyingType(type) is not null) && type.GetGenericArguments().All(IsPlain),
        _ => Simple.Contains(type) || type.IsEnum || (IsRecord(type) && type.IsSealed),
    };

    private static bool IsInit(MethodInfo set) =>
        set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
}
