namespace Benchmarks.Report;

/// <summary>The results in <c>Benchmarks/README.md</c>, between their markers, and the plot beside it.</summary>
internal static class Document
{
    private const string Start = "<!-- results -->";
    private const string End = "<!-- end of results -->";

    public static void Write(IReadOnlyList<Part> parts, bool quick)
    {
        var readme = Path.Combine("Benchmarks", "README.md");
        if (!File.Exists(readme))
            throw new InvalidOperationException($"There is no {readme} here: run from the repository's root.");

        var text = File.ReadAllText(readme);
        var (start, end) = (text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, text.IndexOf(End, StringComparison.Ordinal));
        string[] lines = ["", .. Machine.Lines(quick), "", "![The figures as a plot](engine.svg)", "", .. parts.SelectMany(Tables.Markdown)];
        File.WriteAllText(readme, string.Concat(text.AsSpan(0, start), string.Join('\n', lines), text.AsSpan(end)));
        File.WriteAllText(Path.Combine("Benchmarks", "engine.svg"), Plot.Draw([.. parts.SelectMany(part => part.Panels)]));
    }
}
