using System.Globalization;

namespace Benchmarks.Report;

/// <summary>Medians, quantiles, and numbers as the tables write them.</summary>
internal static class Numbers
{
    public static double Median(this IEnumerable<double> values) => values.Quantile(0.5);

    public static double Quantile(this IEnumerable<double> values, double q)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(q * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Three significant digits at most.</summary>
    public static string Text(this double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    public static string Text(this int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Ms(this TimeSpan time) => $"{time.TotalMilliseconds.Text()} ms";
}
