using System.Globalization;
using System.Runtime.InteropServices;

namespace Benchmarks.Report;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static IEnumerable<string> Lines(bool quick)
    {
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        yield return $"Measured {date}{(quick ? " with `--quick`: figures that only show that it works" : string.Empty)}: {Environment.ProcessorCount} cores"
            + $" ({Processor()}), {memory} GB of memory, {Disk()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Build()}.";
    }

    private static string Build()
    {
        var optimized = !typeof(Machine).Assembly.GetCustomAttributes(typeof(System.Diagnostics.DebuggableAttribute), false)
            .OfType<System.Diagnostics.DebuggableAttribute>().Any(attribute => attribute.IsJITOptimizerDisabled);
        return optimized ? "Release" : "Debug";
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } model
            ? model[(model.IndexOf(':') + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Disk()
    {
        var drive = DriveInfo.GetDrives()
            .Where(drive => Environment.CurrentDirectory.StartsWith(drive.Name, StringComparison.Ordinal))
            .MaxBy(drive => drive.Name.Length);
        return drive is null ? "an unknown disk" : $"a disk with {drive.DriveFormat}";
    }
}
