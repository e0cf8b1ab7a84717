namespace Benchmarks.Report;

internal static class Plot
{
    public static string Draw(IReadOnlyList<Panel> panels) => string.Empty;
}
