using System.Globalization;

namespace Benchmarks.Floor;

/// <summary>A statement that wrote, and the values of its parameters <c>?1</c>, <c>?2</c>, ….</summary>
internal sealed record Statement(string Sql, object?[] Values)
{
    /// <summary>Reads the values back out of SQLite's expanded text, in which literals stand where the parameters are.</summary>
    public static Statement Parse(string sql, string expanded)
    {
        var values = new SortedDictionary<int, object?>();
        for (int from = 0, at = 0; from < sql.Length; from++, at++)
        {
            if (sql[from] != '?')
                continue;

            var digits = from + 1;
            while (digits < sql.Length && char.IsAsciiDigit(sql[digits]))
                digits++;
            values[int.Parse(sql.AsSpan((from + 1)..digits), CultureInfo.InvariantCulture)] = Literal(expanded, ref at);
            // The loop steps over the last characters of both.
            (from, at) = (digits - 1, at - 1);
        }

        return new(sql, [.. values.Values]);
    }

    private static object? Literal(string text, ref int at)
    {
        if (text[at] == '\'')
            return Quoted(text, ref at);

        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '.' or '+'))
            at++;
        var literal = text.AsSpan(start..at);
        if (literal is "NULL")
            return null;
        return long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : double.Parse(literal, CultureInfo.InvariantCulture);
    }

    private static string Quoted(string text, ref int at)
    {
        var start = ++at;
        while (text[at] != '\'' || (at + 1 < text.Length && text[at + 1] == '\''))
            at += text[at] == '\'' ? 2 : 1;
        return text[start..at++].Replace("''", "'", StringComparison.Ordinal);
    }
}
