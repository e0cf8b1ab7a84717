using System.Text.Json.Nodes;

namespace Sandbox.TaxJar;

/// <summary>The tax as TaxJar answers it: numbers, a breakdown per jurisdiction and line, and less of it where the seller has no nexus.</summary>
internal static class TaxJson
{
    public static JsonObject Of(TaxRequest request) => request.Country == "US" ? WithNexus(request) : new JsonObject
    {
        ["order_total_amount"] = Json.Decimal(request.Amount + request.Shipping),
        ["shipping"] = Json.Decimal(request.Shipping),
        ["taxable_amount"] = 0.0m,
        ["amount_to_collect"] = 0.0m,
        ["rate"] = 0.0m,
        ["has_nexus"] = false,
        ["freight_taxable"] = false,
    };

    private static JsonObject WithNexus(TaxRequest request)
    {
        var rate = TaxRates.Of(request.State!, request.Zip!);
        var lines = request.Exempt ? [] : request.Lines?.Where(line => !line.Exempt) ?? [];
        var goods = request.Exempt ? 0 : request.Lines is null ? request.Amount : lines.Sum(line => line.Net);
        var freight = rate.FreightTaxable && !request.Exempt ? request.Shipping : 0;
        var tax = new JsonObject
        {
            ["amount_to_collect"] = Json.Decimal(Share(goods + freight, rate.Combined)),
            ["freight_taxable"] = rate.FreightTaxable,
            ["has_nexus"] = true,
            ["jurisdictions"] = new JsonObject { ["city"] = request.City?.ToUpperInvariant(), ["country"] = "US", ["state"] = request.State },
            ["order_total_amount"] = Json.Decimal(request.Amount + request.Shipping),
            ["rate"] = Json.Decimal(rate.Combined),
            ["shipping"] = Json.Decimal(request.Shipping),
            ["tax_source"] = "destination",
            ["taxable_amount"] = Json.Decimal(goods + freight),
        };
        if (request.Lines is not null)
            tax["breakdown"] = Breakdown(request, rate, goods + freight, freight);
        return tax;
    }

    private static JsonObject Breakdown(TaxRequest request, TaxRate rate, decimal taxable, decimal freight)
    {
        var breakdown = Parts(rate, taxable, "tax_collectable", "state_tax_rate", "special_district_tax_collectable");
        breakdown["line_items"] = new JsonArray([.. request.Lines!.Select(line =>
        {
            var item = Parts(rate, request.Exempt || line.Exempt ? 0 : line.Net, "amount", "state_sales_tax_rate", "special_district_amount");
            item["id"] = line.Id;
            return item;
        })]);
        if (!rate.FreightTaxable)
            return breakdown;
        var shipping = Parts(rate, freight, "amount", "state_sales_tax_rate", "special_district_amount");
        shipping["special_taxable_amount"] = shipping["special_district_taxable_amount"]!.DeepClone();
        shipping.Remove("special_district_taxable_amount");
        breakdown["shipping"] = shipping;
        return breakdown;
    }

    // The state's share takes the rounding, so that the parts add up to the tax.
    private static JsonObject Parts(TaxRate rate, decimal taxable, string tax, string stateRate, string special)
    {
        var whole = Share(taxable, rate.Combined);
        var (county, city, district) = (Share(taxable, rate.County), Share(taxable, rate.City), Share(taxable, rate.Special));
        return new()
        {
            ["city_" + tax] = Json.Decimal(city),
            ["city_tax_rate"] = Json.Decimal(rate.City),
            ["city_taxable_amount"] = Json.Decimal(rate.City > 0 ? taxable : 0),
            ["combined_tax_rate"] = Json.Decimal(rate.Combined),
            ["county_" + tax] = Json.Decimal(county),
            ["county_tax_rate"] = Json.Decimal(rate.County),
            ["county_taxable_amount"] = Json.Decimal(rate.County > 0 ? taxable : 0),
            [special] = Json.Decimal(district),
            ["special_district_taxable_amount"] = Json.Decimal(rate.Special > 0 ? taxable : 0),
            ["special_tax_rate"] = Json.Decimal(rate.Special),
            ["state_" + tax] = Json.Decimal(whole - county - city - district),
            [stateRate] = Json.Decimal(rate.State),
            ["state_taxable_amount"] = Json.Decimal(rate.State > 0 ? taxable : 0),
            ["tax_collectable"] = Json.Decimal(whole),
            ["taxable_amount"] = Json.Decimal(taxable),
        };
    }

    private static decimal Share(decimal amount, decimal rate) => Math.Round(amount * rate, 2, MidpointRounding.AwayFromZero);
}
