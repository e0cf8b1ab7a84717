using System.Globalization;

namespace LocalHost.Engine.Replay;

/// <summary>The outputs of instances that fail outside their code, as the Functions host words them.</summary>
internal static class Outputs
{
    /// <summary>16 KB of UTF-16.</summary>
    public const int CustomStatusLimit = 8192;

    /// <summary>Azure has no such limit; there the memory ends, and with it the worker.</summary>
    public const int ActionsPerTurn = 100_000;

    public static string OfHost(string message, string? details) => DurableJson.SerializeUnescaped(new { message, details });

    public static string Unhandled(string function, Failure failure) => OfHost(
        $"Function '{function}' failed with an unhandled exception.",
        "Microsoft.Azure.WebJobs.Host.FunctionInvocationException: " +
        $"Exception while executing function: Functions.{function}\n ---> {failure.ToOutput()}");

    public static string UnknownOrchestrator(string function, IReadOnlyCollection<string> known) =>
        $"The function '{function}' doesn't exist, is disabled, or is not an orchestrator function. Additional info: " +
        (known.Count == 0
            ? "No orchestrator functions are currently registered!"
            : $"The following are the known orchestrator functions: '{string.Join("', '", known)}'.");

    public static Failure VersionMismatch(Storage.Instance instance, Versioning versions) => new(
        "VersionMismatch",
        $"Instance '{instance.InstanceId}' of '{instance.Name}' was started with version '{instance.Version}', which this host doesn't run: " +
        $"in host.json, extensions.durableTask has the defaultVersion '{versions.Default}' and the versionMatchStrategy {versions.Match}.");

    public static Failure TooManyActions { get; } = new(
        typeof(InvalidOperationException).FullName!,
        $"The orchestrator asked for more than {ActionsPerTurn} tasks, timers, sub-orchestrations and events in one turn. Await some of them before it asks for more.");

    public static Failure TurnTooLong(Storage.Instance instance, TimeSpan limit) => new(
        typeof(TimeoutException).FullName!,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Orchestrator '{instance.Name}' of instance '{instance.InstanceId}' held its thread for more than {limit.TotalSeconds:0.###} s in one turn. Orchestrators must not block, sleep or loop without end."));

    public static Failure CustomStatusTooLarge(int length) => new(
        typeof(ArgumentException).FullName!,
        string.Create(CultureInfo.InvariantCulture, $"CustomStatus is too large: limit = 16 KB (UTF-16), actual = {length * 2 / 1024.0:0.00} KB."));
}
