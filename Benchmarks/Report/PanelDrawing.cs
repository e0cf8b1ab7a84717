using System.Globalization;
using System.Security;
using System.Text;

namespace Benchmarks.Report;

/// <summary>Draws one panel: lines over numbers, or one horizontal bar for each name.</summary>
internal sealed class PanelDrawing(Panel panel, int width, int height, StringBuilder svg)
{
    private const int Top = 40;
    private const int Right = 24;
    private readonly int left = panel.Names is null ? 58 : 24 + (panel.Names.Max(name => name.Length) * 6);
    private readonly int bottom = height - 50;

    private IEnumerable<double> Values => panel.Series.SelectMany(series => series.Points).Select(point => point.Y)
        .Concat(panel.Goal is { } goal ? [goal.At] : []);

    public void Draw()
    {
        Text(16, 20, panel.Title, "title");
        if (panel.Names is { } names)
            Bars(names);
        else
            Lines();
    }

    private void Lines()
    {
        var numbers = panel.Series.SelectMany(series => series.Points).Select(point => point.X).Distinct().Order().ToList();
        var (x, y) = (new AxisScale(numbers, panel.LogX, left + 10, width - Right - 14), new AxisScale(Values, panel.LogY, bottom, Top + 8));
        foreach (var tick in y.Ticks)
        {
            Line("grid", left, y.At(tick), width - Right, y.At(tick));
            Text(left - 6, y.At(tick) + 4, tick.Text(), "small", "end");
        }

        var labelled = double.NegativeInfinity;
        foreach (var number in numbers)
        {
            Line("axis", x.At(number), bottom, x.At(number), bottom + 4);
            if (x.At(number) - labelled < 40)
                continue;
            labelled = x.At(number);
            Text(x.At(number), bottom + 17, ((int)number).Text(), "small", "middle");
        }

        Line("axis", left, bottom, width - Right, bottom);
        Text((left + width - Right) / 2.0, bottom + 36, panel.X + (panel.LogX ? " (log)" : string.Empty), "small", "middle");
        Rotated(14, (Top + bottom) / 2.0, panel.Y + (panel.LogY ? " (log)" : string.Empty));
        if (panel.Goal is { } goal)
        {
            Line("goal", left, y.At(goal.At), width - Right, y.At(goal.At));
            Text(left + 6, y.At(goal.At) - 5, goal.Text, "goal");
        }

        for (var i = 0; i < panel.Series.Count; i++)
        {
            var points = panel.Series[i].Points.Select(point => (X: x.At(point.X), Y: y.At(point.Y))).ToList();
            svg.Append($"<polyline class=\"s{i}\" points=\"{string.Join(' ', points.Select(point => $"{Px(point.X)},{Px(point.Y)}"))}\"/>\n");
            points.ForEach(point => svg.Append($"<circle class=\"s{i}\" cx=\"{Px(point.X)}\" cy=\"{Px(point.Y)}\" r=\"3.5\"/>\n"));
        }

        Legend();
    }

    private void Legend()
    {
        var x = (double)left;
        for (var i = 0; i < panel.Series.Count && panel.Series.Count > 1; i++)
        {
            svg.Append($"<rect class=\"s{i}\" x=\"{Px(x)}\" y=\"27\" width=\"9\" height=\"9\"/>\n");
            Text(x + 14, 35.5, panel.Series[i].Name, "small");
            x += 30 + (panel.Series[i].Name.Length * 5.6);
        }
    }

    private void Bars(IReadOnlyList<string> names)
    {
        var x = new AxisScale(Values, panel.LogY, left, width - Right - 24);
        var step = (bottom - Top) / (double)names.Count;
        foreach (var tick in x.Ticks)
        {
            Line("grid", x.At(tick), Top, x.At(tick), bottom);
            Text(x.At(tick), bottom + 17, tick.Text(), "small", "middle");
        }

        foreach (var (number, value) in panel.Series[0].Points)
        {
            var (middle, thick) = (Top + (step * (number + 0.5)), Math.Min(step * 0.6, 34));
            svg.Append($"<rect class=\"s0\" x=\"{left}\" y=\"{Px(middle - (thick / 2))}\" width=\"{Px(Math.Max(1, x.At(value) - left))}\" height=\"{Px(thick)}\"/>\n");
            Text(left - 6, middle + 4, names[(int)number], "small", "end");
            Text(x.At(value) + 5, middle + 4, value.Text(), "small");
        }

        if (panel.Goal is { } goal)
        {
            Line("goal", x.At(goal.At), Top - 6, x.At(goal.At), bottom);
            Text(x.At(goal.At), Top - 9, goal.Text, "goal", "middle");
        }

        Text((left + width - Right) / 2.0, bottom + 36, panel.Y + (panel.LogY ? " (log)" : string.Empty), "small", "middle");
    }

    private void Line(string style, double x1, double y1, double x2, double y2) =>
        svg.Append($"<line class=\"{style}\" x1=\"{Px(x1)}\" y1=\"{Px(y1)}\" x2=\"{Px(x2)}\" y2=\"{Px(y2)}\"/>\n");

    private void Text(double x, double y, string text, string style, string anchor = "start") =>
        svg.Append($"<text class=\"{style}\" x=\"{Px(x)}\" y=\"{Px(y)}\" text-anchor=\"{anchor}\">{SecurityElement.Escape(text)}</text>\n");

    private void Rotated(double x, double y, string text) => svg.Append(
        $"<text class=\"small\" transform=\"translate({Px(x)} {Px(y)}) rotate(-90)\" text-anchor=\"middle\">{SecurityElement.Escape(text)}</text>\n");

    private static string Px(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
