using System.Reflection;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>Values of any record, made by reflection: with every member set to something that isn't its default, or with every member null that may be.</summary>
internal sealed class Populated(int round, bool nulls = false)
{
    private readonly NullabilityInfoContext nullability = new();

    private int count;

    /// <param name="type">A record, an enum, or what records are made of.</param>
    public object Of(Type type)
    {
        count++;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying);
        if (type.IsEnum)
            return Enum.GetValues(type) is var values ? values.GetValue(round % values.Length)! : throw new InvalidOperationException();
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return List(type.GetGenericArguments()[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return Dictionary(type.GetGenericArguments()[1]);

        return Simple(type) ?? Record(type);
    }

    private object? Simple(Type type) =>
        type == typeof(string) ? $"text {count}, \"quoted\", ümlaut, 茶"
        : type == typeof(bool) ? true
        : type == typeof(int) ? 1000 + count
        : type == typeof(long) ? 5_000_000_000_000L + count
        : type == typeof(decimal) ? 0.01m + count
        : type == typeof(Guid) ? new Guid(count, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddTicks(9012 + count)
        : type == typeof(TimeSpan) ? TimeSpan.FromTicks(864_000_000_001 + count)
        : null;

    private object List(Type element)
    {
        var list = (System.Collections.IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        list.Add(Of(element));
        list.Add(Of(element));
        return list;
    }

    private object Dictionary(Type element)
    {
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        dictionary.Add("one", Of(element));
        dictionary.Add("two", Of(element));
        return dictionary;
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor.");
        var record = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, nullability.Create(parameter)))]);
        var given = constructor.GetParameters().Select(parameter => parameter.Name).ToHashSet();
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && !given.Contains(property.Name)))
            property.SetValue(record, Value(property.PropertyType, nullability.Create(property)));
        return record;
    }

    private object? Value(Type type, NullabilityInfo info) => nulls && info.ReadState == NullabilityState.Nullable ? null : Of(type);
}
