using System.Text.Json.Nodes;

namespace Sandbox.Avalara;

/// <summary>An address of a transaction. It needs a postal code, or a street with city and region.</summary>
internal sealed record Place(string? Line1, string? Line2, string? City, string? Region, string? PostalCode, string Country)
{
    public bool IsUs => Country == "US";

    public static Place Read(JsonObject addresses, string name)
    {
        var path = $"addresses.{name}.";
        var address = addresses.Part(name, "addresses.") ?? addresses.Part("singleLocation", "addresses.")
            ?? throw new AvalaraRefusal(400, "MissingAddress", 304, $"The address {name} is missing.", $"addresses.{name}");
        var place = new Place(
            address.Text("line1", 100, path), address.Text("line2", 100, path), address.Text("city", 50, path), address.Text("region", 100, path),
            address.Text("postalCode", 11, path), CountryOf(address.Text("country", 100, path), path));
        if (place.PostalCode is null && (place.Line1 is null || place.City is null || place.Region is null))
            throw new AvalaraRefusal(400, "InvalidAddress", 309, $"The address {name} needs a postal code, or a street with city and region.", $"addresses.{name}");
        return place.IsUs ? place.InItsState(name) : place;
    }

    private Place InItsState(string name)
    {
        var state = Region?.ToUpperInvariant() ?? UsPostcodes.StateOf(PostalCode!);
        if (state is null || !UsPostcodes.IsState(state))
            throw new AvalaraRefusal(400, "InvalidCountryRegion", 126, $"The region '{Region}' of {name} isn't one of the country's.", $"addresses.{name}.region");
        if (PostalCode is { } zip && !UsPostcodes.Matches(zip, state))
            throw new AvalaraRefusal(400, "GetTaxError", 300, $"The tax can't be determined: zip {zip} of {name} isn't valid for the state {state}.", $"addresses.{name}");
        return this with { Region = state };
    }

    private static string CountryOf(string? country, string path) => country?.ToUpperInvariant() switch
    {
        null or "USA" or "US" => "US",
        { Length: 2 or 3 } code when code.All(char.IsAsciiLetter) => code,
        _ => throw new AvalaraRefusal(400, "InvalidCountry", 125, $"'{country}' is no country.", path + "country"),
    };
}
