namespace Benchmarks.Report;

/// <summary>Values to pixels along one axis, linear from zero or logarithmic.</summary>
internal sealed class AxisScale
{
    private readonly bool log;
    private readonly double low;
    private readonly double high;
    private readonly double from;
    private readonly double to;

    public AxisScale(IEnumerable<double> values, bool log, double from, double to)
    {
        var all = values.Where(value => !log || value > 0).DefaultIfEmpty(1).ToList();
        (this.log, this.from, this.to) = (log, from, to);
        Ticks = log ? Decades(all.Min(), all.Max()) : Steps(Math.Max(all.Max(), 1e-9));
        (low, high) = log ? (Math.Min(all.Min() * 0.8, Ticks[0]), Math.Max(all.Max() * 1.25, Ticks[^1])) : (0, Math.Max(Ticks[^1], all.Max() * 1.05));
    }

    public IReadOnlyList<double> Ticks { get; }

    public double At(double value)
    {
        var part = log ? Math.Log(Math.Max(value, low) / low) / Math.Log(high / low) : (value - low) / (high - low);
        return from + (part * (to - from));
    }

    private static List<double> Decades(double min, double max)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(min) + 1e-9), (int)Math.Ceiling(Math.Log10(max) - 1e-9));
        return [.. Enumerable.Range(first, Math.Max(last - first, 1) + 1).Select(power => Math.Pow(10, power))];
    }

    private static List<double> Steps(double max)
    {
        var raw = max / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = new[] { 1.0, 2, 2.5, 5, 10 }.Select(factor => factor * power).First(step => step >= raw * 0.999);
        return [.. Enumerable.Range(0, (int)Math.Ceiling((max / step) - 1e-9) + 1).Select(i => i * step)];
    }
}
