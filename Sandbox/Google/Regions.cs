namespace Sandbox.Google;

/// <summary>Where addresses can be validated, and the US cities whose ZIPs are known.</summary>
internal static class Regions
{
    /// <summary>Those without a postal code in their addresses, or without a city.</summary>
    public static readonly IReadOnlySet<string> WithoutPostalCode = new HashSet<string> { "IE", "HK" };

    public static readonly IReadOnlySet<string> WithoutCity = new HashSet<string> { "SG" };

    public static readonly IReadOnlySet<string> Supported = new HashSet<string>
    {
        "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CO", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "HR", "HU", "IE", "IN", "IT", "JP",
        "LT", "LU", "LV", "MX", "MY", "NL", "NO", "NZ", "PL", "PR", "PT", "SE", "SG", "SI", "SK", "US",
    };

    private static readonly City[] Cities =
    [
        new("Beverly Hills", "CA", "90210", "902"), new("Redondo Beach", "CA", "90277", "902"), new("Los Angeles", "CA", "90012", "900"),
        new("San Francisco", "CA", "94107", "941"), new("Mountain View", "CA", "94043", "940"), new("San Diego", "CA", "92101", "921"),
        new("New York", "NY", "10118", "100", "101", "102"), new("Brooklyn", "NY", "11201", "112"), new("Seattle", "WA", "98104", "981"),
        new("Austin", "TX", "78701", "787"), new("Houston", "TX", "77002", "770", "772"), new("Portland", "OR", "97204", "972"),
        new("Chicago", "IL", "60601", "606"), new("Miami", "FL", "33131", "331"), new("Boston", "MA", "02108", "021", "022"),
        new("Springfield", "MA", "01118", "011"), new("Denver", "CO", "80202", "802"), new("Washington", "DC", "20500", "200", "202", "203", "204", "205"),
    ];

    public static City? Find(string? city, string? state) => Cities.FirstOrDefault(known =>
        known.Name.Equals(city, StringComparison.OrdinalIgnoreCase) && (state is null || known.State == state));

    public static City? OfZip(string zip) => Cities.FirstOrDefault(known => known.Zip == zip[..5]) ?? Cities.FirstOrDefault(known => known.Has(zip));
}

/// <summary>A city, the ZIP to suggest for it, and the prefixes of all its ZIPs.</summary>
internal sealed record City(string Name, string State, string Zip, params string[] Prefixes)
{
    public bool Has(string zip) => Prefixes.Any(prefix => zip.StartsWith(prefix, StringComparison.Ordinal));
}
