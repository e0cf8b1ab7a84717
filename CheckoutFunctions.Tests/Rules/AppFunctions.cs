using System.Reflection;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>The app's <c>[Function]</c> methods, as a host discovers them.</summary>
internal static class AppFunctions
{
    public static IReadOnlyList<MethodInfo> All { get; } =
        [.. typeof(CheckoutServices).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FunctionAttribute)))];

    public static IReadOnlyList<MethodInfo> Activities { get; } = [.. All.Where(function => Trigger<ActivityTriggerAttribute>(function) is not null)];

    public static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    public static T? Trigger<T>(MethodInfo function)
        where T : Attribute => function.GetParameters().Select(parameter => parameter.GetCustomAttribute<T>()).FirstOrDefault(trigger => trigger is not null);

    public static Type InputOf(MethodInfo activity) => activity.GetParameters().Single(parameter => parameter.IsDefined(typeof(ActivityTriggerAttribute))).ParameterType;

    /// <summary>What an activity hands back; null where that is nothing.</summary>
    public static Type? ResultOf(MethodInfo activity) => activity.ReturnType switch
    {
        { IsGenericType: true } task when task.GetGenericTypeDefinition() == typeof(Task<>) => task.GetGenericArguments()[0],
        var type when type == typeof(Task) || type == typeof(void) => null,
        var type => type,
    };
}
