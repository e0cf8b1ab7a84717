using System.Globalization;
using System.Text.RegularExpressions;

namespace Sandbox.Google;

/// <summary>The first address line taken apart and spelled as it should be.</summary>
internal sealed partial record StreetLine(string? Number, string Route, bool Corrected, bool PoBox, string? Unit)
{
    private static readonly Dictionary<string, string> Misspelled = new (string Wrong, string Right)[]
    {
        ("stret", "Street"), ("steet", "Street"), ("streat", "Street"), ("strete", "Street"), ("avenu", "Avenue"), ("aveneu", "Avenue"),
        ("avanue", "Avenue"), ("raod", "Road"), ("lnae", "Lane"), ("drvie", "Drive"), ("boulvard", "Boulevard"), ("bolevard", "Boulevard"),
    }.ToDictionary(entry => entry.Wrong, entry => entry.Right, StringComparer.OrdinalIgnoreCase);

    /// <summary>As it is written on an envelope.</summary>
    public string Text => string.Join(' ', new[] { Number, Route, Unit }.Where(part => !string.IsNullOrEmpty(part)));

    public static StreetLine Read(string line)
    {
        if (PoBoxPattern().IsMatch(line))
            return new(null, line, Corrected: false, PoBox: true, Unit: null);
        var match = Pattern().Match(line);
        var (number, route, unit) = (match.Groups["number"].Value, match.Groups["route"].Value.Trim(' ', ','), match.Groups["unit"].Value.Trim());
        var spelled = string.Join(' ', route.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Misspelled.GetValueOrDefault(word, word)));
        if (spelled == spelled.ToLowerInvariant())
            spelled = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(spelled);
        return new(number.Length > 0 ? number : null, spelled, spelled != route, PoBox: false, unit.Length > 0 ? unit : null);
    }

    [GeneratedRegex(@"^p\.?\s*o\.?\s*box\s+\w+", RegexOptions.IgnoreCase)]
    private static partial Regex PoBoxPattern();

    [GeneratedRegex(@"^(?<number>\d[\w/-]*)?\s*(?<route>.*?)(?<unit>[\s,]+(?:apt|unit|suite|ste|#)\.?\s*[\w-]+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
