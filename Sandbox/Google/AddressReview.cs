namespace Sandbox.Google;

/// <summary>
/// What is found about an address: its parts, which of them were inferred, replaced or respelled, what is missing, and so what to do next.
/// README.md lists the addresses that reach each verdict.
/// </summary>
internal sealed record AddressReview(GivenAddress Given, StreetLine Street, string? City, string? State, string? Zip)
{
    private static readonly string[] Undeliverable = ["nowhere", "undeliverable"];
    private static readonly string[] ManyUnits = ["apt needed", "apartments", "tower"];

    public bool CityInferred { get; init; }
    public bool ZipInferred { get; init; }
    public bool ZipReplaced { get; init; }

    /// <summary>The ZIP isn't one of the state's.</summary>
    public bool ZipDoubtful { get; init; }

    public bool Us => Given.Region is "US" or "PR";

    public bool StreetDoubtful => Undeliverable.Any(word => Given.Street.Contains(word, StringComparison.OrdinalIgnoreCase));

    public bool UnitMissing => Given.Unit is null && Street.Unit is null && ManyUnits.Any(word => Given.Street.Contains(word, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<string> Missing
    {
        get
        {
            if (Street is { Number: null, PoBox: false } && Us)
                yield return "street_number";
            if (City is null && !Regions.WithoutCity.Contains(Given.Region))
                yield return "locality";
            if (Zip is null && !Regions.WithoutPostalCode.Contains(Given.Region))
                yield return "postal_code";
            if (UnitMissing)
                yield return "subpremise";
        }
    }

    public bool Fix => StreetDoubtful || ZipDoubtful || Missing.Any(part => part != "subpremise");

    public string NextAction => Fix ? "FIX"
        : UnitMissing ? "CONFIRM_ADD_SUBPREMISES"
        : Street.Corrected || CityInferred || ZipInferred || ZipReplaced ? "CONFIRM"
        : "ACCEPT";

    public static AddressReview Of(GivenAddress given)
    {
        var street = StreetLine.Read(given.Street);
        var review = new AddressReview(given, street, given.City, given.State, given.Zip);
        return given.Region == "US" ? review.WithinUs() : review;
    }

    private AddressReview WithinUs()
    {
        var zip = Zip is not null && UsPostcodes.IsZip(Zip) ? Zip : null;
        if (Regions.Find(City, State) is { } known)
        {
            var named = this with { City = known.Name, State = known.State };
            return zip is null ? named with { Zip = known.Zip, ZipInferred = Zip is null, ZipReplaced = Zip is not null }
                : known.Has(zip) ? named
                : named with { Zip = known.Zip, ZipReplaced = true };
        }

        if (City is null && zip is not null && Regions.OfZip(zip) is { } city)
            return this with { City = city.Name, State = city.State, CityInferred = true };
        return this with { ZipDoubtful = Zip is not null && (zip is null || State is null || !UsPostcodes.Matches(zip, State)) };
    }
}
