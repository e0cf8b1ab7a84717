using System.Globalization;

namespace LocalHost.Engine.Replay;

/// <summary>The outputs of instances that fail outside their code, as the Functions host words them.</summary>
internal static class Outputs
{
    /// <summary>16 KB of UTF-16.</summary>
    public const int CustomStatusLimit = 8192;

    public static string Unhandled(string function, Failure failure) =>
        DurableJson.Serialize(new { message = $"Function '{function}' failed with an unhandled exception.", details = failure.ToOutput() });

    public static string UnknownOrchestrator(string function) => DurableJson.Serialize(new
    {
        message = $"The function '{function}' doesn't exist, is disabled, or is not an orchestrator function.",
        details = (string?)null,
    });

    public static Failure VersionMismatch(Storage.Instance instance, Versioning versions) => new(
        "VersionMismatch",
        $"Instance '{instance.InstanceId}' of '{instance.Name}' was started with version '{instance.Version}', which this host doesn't run: " +
        $"in host.json, extensions.durableTask has the defaultVersion '{versions.Default}' and the versionMatchStrategy {versions.Match}.");

    public static Failure CustomStatusTooLarge(int length) => new(
        typeof(ArgumentException).FullName!,
        string.Create(CultureInfo.InvariantCulture, $"CustomStatus is too large: limit = 16 KB (UTF-16), actual = {length * 2 / 1024.0:0.00} KB."));
}
