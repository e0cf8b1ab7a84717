namespace LocalHost.Engine;

/// <summary>host.json's <c>defaultVersion</c> and <c>versionMatchStrategy</c>: which version a new instance gets, and which ones this host starts.</summary>
/// <param name="Default">For instances and children that are started without a version.</param>
public sealed record Versioning(string? Default = null, VersionMatch Match = VersionMatch.CurrentOrOlder)
{
    public bool Runs(string? version) => Match switch
    {
        VersionMatch.None => true,
        VersionMatch.Strict => Compare(version, Default) == 0,
        _ => Compare(version, Default) <= 0,
    };

    /// <summary>None is older than any; numbers with dots compare as such, everything else as text.</summary>
    private static int Compare(string? version, string? other)
    {
        if (string.IsNullOrEmpty(version) || string.IsNullOrEmpty(other))
            return string.IsNullOrEmpty(other).CompareTo(string.IsNullOrEmpty(version));

        return Version.TryParse(version, out var number) && Version.TryParse(other, out var otherNumber)
            ? number.CompareTo(otherNumber)
            : string.Compare(version, other, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Which instances a host starts, by how their version compares with its default one.</summary>
public enum VersionMatch
{
    None,
    Strict,
    CurrentOrOlder,
}
