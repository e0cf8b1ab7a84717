using System.Globalization;

namespace Sandbox;

/// <summary>Which three-digit ZIP prefixes lie in which state, as the US Postal Service assigns them.</summary>
internal static class UsPostcodes
{
    private static readonly Dictionary<string, string> Prefixes = new (string State, string Ranges)[]
    {
        ("AL", "350-369"), ("AK", "995-999"), ("AZ", "850-865"), ("AR", "716-729"), ("CA", "900-961"), ("CO", "800-816"), ("CT", "060-069"),
        ("DE", "197-199"), ("DC", "200-200,202-205,569-569"), ("FL", "320-349"), ("GA", "300-319,398-399"), ("HI", "967-968"), ("ID", "832-838"),
        ("IL", "600-629"), ("IN", "460-479"), ("IA", "500-528"), ("KS", "660-679"), ("KY", "400-427"), ("LA", "700-714"), ("ME", "039-049"),
        ("MD", "206-219"), ("MA", "010-027,055-055"), ("MI", "480-499"), ("MN", "550-567"), ("MS", "386-397"), ("MO", "630-658"),
        ("MT", "590-599"), ("NE", "680-693"), ("NV", "889-898"), ("NH", "030-038"), ("NJ", "070-089"), ("NM", "870-884"), ("NY", "005-005,100-149"),
        ("NC", "270-289"), ("ND", "580-588"), ("OH", "430-459"), ("OK", "730-749"), ("OR", "970-979"), ("PA", "150-196"), ("PR", "006-009"),
        ("RI", "028-029"), ("SC", "290-299"), ("SD", "570-577"), ("TN", "370-385"), ("TX", "733-733,750-799,885-885"), ("UT", "840-847"),
        ("VT", "050-059"), ("VA", "201-201,220-246"), ("WA", "980-994"), ("WV", "247-268"), ("WI", "530-549"), ("WY", "820-831"),
    }.ToDictionary(entry => entry.State, entry => entry.Ranges, StringComparer.Ordinal);

    public static bool IsState(string state) => Prefixes.ContainsKey(state.ToUpperInvariant());

    /// <summary>Five digits, with or without the four that may follow.</summary>
    public static bool IsZip(string zip) =>
        zip.Length is 5 or 10 && zip[..5].All(char.IsAsciiDigit) && (zip.Length == 5 || (zip[5] == '-' && zip[6..].All(char.IsAsciiDigit)));

    /// <summary>The state that a ZIP lies in.</summary>
    public static string? StateOf(string zip) => Prefixes.Keys.FirstOrDefault(state => Matches(zip, state));

    public static bool Matches(string zip, string state)
    {
        if (!IsZip(zip) || !Prefixes.TryGetValue(state.ToUpperInvariant(), out var ranges))
            return false;
        var prefix = int.Parse(zip[..3], CultureInfo.InvariantCulture);
        return ranges.Split(',').Select(range => range.Split('-')).Any(range =>
            prefix >= int.Parse(range[0], CultureInfo.InvariantCulture) && prefix <= int.Parse(range[1], CultureInfo.InvariantCulture));
    }
}
