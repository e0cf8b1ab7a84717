using System.Text.Json.Nodes;

namespace Sandbox.TaxJar;

/// <summary>What is taxed, in major units.</summary>
internal sealed record TaxRequest(string Country, string? State, string? Zip, string? City, decimal Shipping, decimal Amount, bool Exempt, IReadOnlyList<TaxLine>? Lines)
{
    private static readonly string[] Exemptions = ["wholesale", "government", "marketplace", "other", "non_exempt"];

    public static TaxRequest Read(JsonObject body)
    {
        var place = Place(body);
        foreach (var name in new[] { "shipping", "amount" })
        {
            if (body.Has(name) && body.Number(name) is null)
                throw TaxJarRefusal.Bad($"{name} must be a number");
        }

        if (body.Has("line_items") && body.Array("line_items") is null)
            throw TaxJarRefusal.Bad("line_items must be an array of objects");
        var shipping = body.Number("shipping") ?? throw TaxJarRefusal.Missing("shipping");
        var lines = body.Array("line_items") is { Count: > 0 } items ? items.Select(TaxLine.Read).ToArray() : null;
        var amount = lines?.Sum(line => line.Net) ?? body.Number("amount") ?? throw TaxJarRefusal.Bad("Either amount or line_items parameters are required to perform tax calculations.");
        if (shipping < 0 || amount < 0)
            throw TaxJarRefusal.Bad("amount and shipping must not be negative");
        var exemption = Exemption(body);
        return new(place.Country, place.State, place.Zip, body.Text("to_city"), shipping, amount, exemption is "wholesale" or "government" or "other" or "marketplace", lines);
    }

    /// <summary>Where it goes; in the US the ZIP must lie in the state.</summary>
    public static (string Country, string? State, string? Zip) Place(JsonObject body)
    {
        var country = body.Text("to_country")?.ToUpperInvariant() ?? throw TaxJarRefusal.Missing("to_country");
        if (country.Length != 2 || !country.All(char.IsAsciiLetter))
            throw TaxJarRefusal.Bad($"to_country {country} is invalid");
        var (state, zip) = (body.Text("to_state")?.ToUpperInvariant(), body.Text("to_zip"));
        if (country == "US")
            CheckUs("to", state ?? throw Required("to_state", country), zip ?? throw Required("to_zip", country));
        if (country == "CA" && state is null)
            throw Required("to_state", country);
        if (body.Text("from_country")?.ToUpperInvariant() == "US" && body.Text("from_state") is { } fromState && body.Text("from_zip") is { } fromZip)
            CheckUs("from", fromState.ToUpperInvariant(), fromZip);
        return (country, state, zip);
    }

    public static string? Exemption(JsonObject body) => body.Text("exemption_type") is not { } exemption ? null
        : Exemptions.Contains(exemption) ? exemption
        : throw TaxJarRefusal.Bad($"exemption_type must be one of {string.Join(", ", Exemptions)}");

    private static TaxJarRefusal Required(string field, string country) => TaxJarRefusal.Bad($"{field} is required when to_country is {country}");

    private static void CheckUs(string side, string state, string zip)
    {
        if (!UsPostcodes.IsState(state))
            throw TaxJarRefusal.Bad($"{side}_state {state} is invalid");
        if (!UsPostcodes.IsZip(zip))
            throw TaxJarRefusal.Bad($"{side}_zip {zip} is invalid");
        if (!UsPostcodes.Matches(zip, state))
            throw TaxJarRefusal.Bad($"{side}_zip {zip} is not used within {side}_state {state}");
    }
}

/// <summary>One line; a product tax code of 99999 is exempt.</summary>
internal sealed record TaxLine(string Id, decimal Net, bool Exempt)
{
    public static TaxLine Read(JsonNode? node, int index)
    {
        var line = node as JsonObject ?? throw TaxJarRefusal.Bad("line_items must be an array of objects");
        var quantity = line.Has("quantity") ? line.Number("quantity") : 1;
        if (quantity is not { } count || count < 0 || count != decimal.Truncate(count))
            throw TaxJarRefusal.Bad("quantity must be a whole number");
        var price = line.Number("unit_price") ?? throw TaxJarRefusal.Missing("unit_price");
        if (line.Has("discount") && line.Number("discount") is null)
            throw TaxJarRefusal.Bad("discount must be a number");
        return new(line["id"]?.ToString() ?? index.ToString(System.Globalization.CultureInfo.InvariantCulture), (count * price) - (line.Number("discount") ?? 0), line.Text("product_tax_code") == "99999");
    }
}
