using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.EasyPost;

namespace Sandbox.Shippo;

/// <summary>Shippo's objects on the wire: amounts and sizes are decimal texts, and what isn't known is null or empty.</summary>
internal static class ShippoJson
{
    private const string Owner = "shop@example.com";

    public static JsonObject Shipment(ShipmentRequest request, DateTimeOffset now)
    {
        var at = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var id = Ids.Hex("");
        var (offers, messages) = ShippoCarriers.Rate(request);
        var from = Address(request.From);
        return new()
        {
            ["carrier_accounts"] = request.Body.Array("carrier_accounts")?.DeepClone() ?? new JsonArray(),
            ["object_created"] = at,
            ["object_updated"] = at,
            ["object_id"] = id,
            ["object_owner"] = Owner,
            ["status"] = "SUCCESS",
            ["address_from"] = from,
            ["address_to"] = Address(request.To),
            ["parcels"] = new JsonArray([.. request.Parcels.Select(parcel => Parcel(parcel!.AsObject(), at))]),
            ["shipment_date"] = request.Body.Text("shipment_date") ?? at,
            ["address_return"] = request.Body.Object("address_return") is { } back ? Address(back) : from.DeepClone(),
            ["alternate_address_to"] = null,
            ["customs_declaration"] = request.Body["customs_declaration"]?.DeepClone(),
            ["extra"] = request.Body.Object("extra")?.DeepClone() ?? new JsonObject(),
            ["rates"] = new JsonArray([.. offers.Select(offer => Rate(offer, Attributes(offer, offers), id, at))]),
            ["messages"] = new JsonArray([.. messages.Select(Message)]),
            ["metadata"] = request.Body.Text("metadata") ?? "",
            ["test"] = true,
            ["order"] = null,
        };
    }

    /// <summary>The page that lists a shipment's rates.</summary>
    public static JsonObject RateList(JsonObject shipment) => new()
    {
        ["count"] = shipment.Array("rates")!.Count,
        ["next"] = null,
        ["previous"] = null,
        ["results"] = shipment["rates"]!.DeepClone(),
    };

    private static JsonObject Rate(Offer offer, JsonArray attributes, string shipment, string at) => new()
    {
        ["object_created"] = at,
        ["object_id"] = Ids.Hex(""),
        ["object_owner"] = Owner,
        ["shipment"] = shipment,
        ["attributes"] = attributes,
        ["amount"] = Dollars(offer.Amount),
        ["currency"] = "USD",
        ["amount_local"] = Dollars(offer.Amount),
        ["currency_local"] = "USD",
        ["provider"] = offer.Carrier,
        ["provider_image_75"] = $"https://example.com/providers/75/{Uri.EscapeDataString(offer.Carrier)}.png",
        ["provider_image_200"] = $"https://example.com/providers/200/{Uri.EscapeDataString(offer.Carrier)}.png",
        ["servicelevel"] = new JsonObject
        {
            ["name"] = offer.Name,
            ["token"] = offer.Token,
            ["terms"] = "",
            ["extended_token"] = offer.Token,
            ["parent_servicelevel"] = null,
        },
        ["estimated_days"] = offer.Days,
        ["arrives_by"] = null,
        ["duration_terms"] = $"Delivered in about {offer.Days} business days.",
        ["messages"] = new JsonArray(),
        ["carrier_account"] = Account(offer.Carrier),
        ["test"] = true,
        ["zone"] = null,
    };

    private static JsonArray Attributes(Offer offer, IReadOnlyList<Offer> offers)
    {
        var attributes = new JsonArray();
        if (offer == offers.MinBy(one => one.Amount))
            attributes.Add("CHEAPEST");
        if (offer == offers.OrderBy(one => one.Days).ThenBy(one => one.Amount).First())
            attributes.Add("FASTEST");
        if (offer == offers.MinBy(one => one.Amount * one.Days))
            attributes.Add("BESTVALUE");
        return attributes;
    }

    private static JsonObject Message(CarrierMessage message) => new() { ["source"] = message.Carrier, ["code"] = "", ["text"] = message.Text };

    private static JsonObject Address(JsonObject given)
    {
        // Complete means: a label could be printed.
        var complete = new[] { "name", "street1", "city", "zip", "country" }.All(field => given.Text(field) is not null);
        var address = new JsonObject { ["object_id"] = Ids.Hex(""), ["is_complete"] = complete };
        foreach (var field in new[] { "name", "company", "street_no", "street1", "street2", "street3", "city", "state", "zip", "country", "phone", "email" })
            address[field] = given.Text(field) ?? "";
        address["validation_results"] = new JsonObject();
        address["is_residential"] = given["is_residential"]?.DeepClone();
        address["test"] = true;
        return address;
    }

    private static JsonObject Parcel(JsonObject given, string at) => new()
    {
        ["object_state"] = "VALID",
        ["object_created"] = at,
        ["object_updated"] = at,
        ["object_id"] = Ids.Hex(""),
        ["object_owner"] = Owner,
        ["template"] = given.Text("template"),
        ["extra"] = given.Object("extra")?.DeepClone() ?? new JsonObject(),
        ["length"] = Size(given, "length"),
        ["width"] = Size(given, "width"),
        ["height"] = Size(given, "height"),
        ["distance_unit"] = given.Text("distance_unit"),
        ["weight"] = Size(given, "weight"),
        ["mass_unit"] = given.Text("mass_unit"),
        ["value_amount"] = null,
        ["value_currency"] = null,
        ["metadata"] = given.Text("metadata") ?? "",
        ["line_items"] = new JsonArray(),
        ["test"] = true,
    };

    private static string? Size(JsonObject parcel, string name) => parcel.Number(name)?.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Dollars(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    // The same account for a carrier each time, as for a real customer.
    private static string Account(string carrier) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(carrier)))[..32];
}
