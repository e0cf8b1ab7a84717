using System.Globalization;
using System.Text.RegularExpressions;

namespace CheckoutFunctions.Domain;

/// <summary>What a postal code alone says: whether it can be one, and in the US and Canada in which state it lies. An estimate knows no more of its buyer.</summary>
public static partial class PostalCodes
{
    /// <summary>The first and last three digits of a state's ZIPs, as the US Postal Service assigns them. A few ZIPs beside a border belong to the neighbour.</summary>
    private static readonly (int First, int Last, string State)[] Zips =
    [
        (5, 5, "NY"), (6, 7, "PR"), (8, 8, "VI"), (9, 9, "PR"), (10, 27, "MA"), (28, 29, "RI"), (30, 38, "NH"), (39, 49, "ME"), (50, 54, "VT"), (55, 55, "MA"), (56, 59, "VT"),
        (60, 69, "CT"), (70, 89, "NJ"), (90, 98, "AE"), (100, 149, "NY"), (150, 196, "PA"), (197, 199, "DE"), (200, 200, "DC"), (201, 201, "VA"), (202, 205, "DC"),
        (206, 219, "MD"), (220, 246, "VA"), (247, 268, "WV"), (270, 289, "NC"), (290, 299, "SC"), (300, 319, "GA"), (320, 339, "FL"), (340, 340, "AA"), (341, 349, "FL"),
        (350, 369, "AL"), (370, 385, "TN"), (386, 397, "MS"), (398, 399, "GA"), (400, 427, "KY"), (430, 459, "OH"), (460, 479, "IN"), (480, 499, "MI"), (500, 528, "IA"),
        (530, 549, "WI"), (550, 567, "MN"), (569, 569, "DC"), (570, 577, "SD"), (580, 588, "ND"), (590, 599, "MT"), (600, 629, "IL"), (630, 658, "MO"), (660, 679, "KS"),
        (680, 693, "NE"), (700, 714, "LA"), (716, 729, "AR"), (730, 732, "OK"), (733, 733, "TX"), (734, 749, "OK"), (750, 799, "TX"), (800, 816, "CO"), (820, 831, "WY"),
        (832, 838, "ID"), (840, 847, "UT"), (850, 865, "AZ"), (870, 884, "NM"), (885, 885, "TX"), (889, 898, "NV"), (900, 961, "CA"), (962, 966, "AP"), (967, 968, "HI"),
        (969, 969, "GU"), (970, 979, "OR"), (980, 994, "WA"), (995, 999, "AK"),
    ];

    /// <summary>By the first letter. X is the Northwest Territories and Nunavut, which are taxed alike.</summary>
    private static readonly Dictionary<char, string> Provinces = new (string Letters, string Province)[]
    {
        ("A", "NL"), ("B", "NS"), ("C", "PE"), ("E", "NB"), ("GHJ", "QC"), ("KLMNP", "ON"), ("R", "MB"), ("S", "SK"), ("T", "AB"), ("V", "BC"), ("X", "NT"), ("Y", "YT"),
    }.SelectMany(entry => entry.Letters.Select(letter => (letter, entry.Province))).ToDictionary();

    /// <summary>The address that is known by a country and a postal code; null where that country has no such code.</summary>
    public static Address? PlaceOf(string country, string postalCode)
    {
        var code = postalCode.Trim().ToUpperInvariant();
        return country switch
        {
            "US" or "PR" => UsZip().IsMatch(code) && UsState(code) is { } state ? Place(code[..5], state) : null,
            "CA" => CanadianCode().IsMatch(code) && Provinces.TryGetValue(code[0], out var province) ? Place($"{code[..3]} {code[^3..]}", province) : null,
            _ => AnyCode().IsMatch(code) ? Place(code, null) : null,
        };

        Address Place(string zip, string? state) => new(null, "", null, null, state, zip, country);
    }

    /// <summary>Whether no more than that is known of an address: each that a buyer gives has a street.</summary>
    public static bool IsPostalCodeOnly(this Address address) => address.Line1.Length == 0;

    private static string? UsState(string zip)
    {
        var prefix = int.Parse(zip[..3], CultureInfo.InvariantCulture);
        return Zips.FirstOrDefault(range => range.First <= prefix && prefix <= range.Last).State;
    }

    [GeneratedRegex(@"^[0-9]{5}(?:-?[0-9]{4})?$")]
    private static partial Regex UsZip();

    [GeneratedRegex(@"^[A-Z][0-9][A-Z][ -]?[0-9][A-Z][0-9]$")]
    private static partial Regex CanadianCode();

    /// <summary>The shortest have three characters, the longest ten with what parts them.</summary>
    [GeneratedRegex(@"^(?=.*[0-9])[A-Z0-9](?:[ -]?[A-Z0-9]){2,9}$")]
    private static partial Regex AnyCode();
}
