namespace Benchmarks.Report;

/// <summary>What one part of the benchmark found: a table for readers, panels for the plot.</summary>
internal sealed record Part(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<Panel> Panels);

/// <summary>One panel of the plot. Without numbers on its x axis it has names there, and bars.</summary>
internal sealed record Panel(string Title, string X, string Y, IReadOnlyList<Series> Series)
{
    public IReadOnlyList<string>? Names { get; init; }

    public bool LogX { get; init; }

    public bool LogY { get; init; }

    /// <summary>A line across, with its name.</summary>
    public (double At, string Text)? Goal { get; init; }
}

/// <param name="Points">With names on the x axis, x is the name's index.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);
