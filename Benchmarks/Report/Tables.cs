using Spectre.Console;

namespace Benchmarks.Report;

internal static class Tables
{
    public static Table Of(Part part)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(part.Title));
        foreach (var column in part.Columns)
            table.AddColumn(Markup.Escape(column));
        foreach (var row in part.Rows)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        return table;
    }

    public static IEnumerable<string> Markdown(Part part)
    {
        yield return $"### {part.Title}";
        yield return string.Empty;
        yield return $"| {string.Join(" | ", part.Columns)} |";
        yield return $"|{string.Concat(part.Columns.Select((_, column) => column == 0 ? " --- |" : " ---: |"))}";
        foreach (var row in part.Rows)
            yield return $"| {string.Join(" | ", row)} |";
        yield return string.Empty;
    }
}
