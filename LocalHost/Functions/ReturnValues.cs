using System.Reflection;

namespace LocalHost.Functions;

/// <summary>Turns whatever a function method is declared to return into one awaitable value; none is null.</summary>
internal static class ReturnValues
{
    public static Func<object?, Task<object?>> ReaderFor(Type declared)
    {
        if (declared == typeof(Task))
            return OfTask;
        if (declared == typeof(ValueTask))
            return returned => OfTask(((ValueTask)returned!).AsTask());
        if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(Task<>))
            return Reader(nameof(OfTaskOf), declared);
        if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
            return Reader(nameof(OfValueTaskOf), declared);
        return Task.FromResult;
    }

    /// <summary>The type of that value.</summary>
    public static Type TypeOf(Type declared) =>
        declared.IsGenericType && (declared.GetGenericTypeDefinition() == typeof(Task<>) || declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? declared.GetGenericArguments()[0]
            : declared;

    private static Func<object?, Task<object?>> Reader(string method, Type declared) =>
        typeof(ReturnValues).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(declared.GetGenericArguments())
            .CreateDelegate<Func<object?, Task<object?>>>();

    // None of these leaves the caller's synchronization context: an orchestrator must go on where its engine runs it.
    private static async Task<object?> OfTask(object? returned)
    {
        await (Task)returned!;
        return null;
    }

    private static async Task<object?> OfTaskOf<T>(object? returned) => await (Task<T>)returned!;

    private static async Task<object?> OfValueTaskOf<T>(object? returned) => await (ValueTask<T>)returned!;
}
