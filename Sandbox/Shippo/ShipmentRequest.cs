using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Shippo;

/// <summary>Parcels from one address to another. What is referred to by id isn't known here: the sandbox keeps shipments only.</summary>
/// <param name="Ounces">All parcels' weight.</param>
internal sealed record ShipmentRequest(JsonObject Body, JsonObject From, JsonObject To, JsonArray Parcels, decimal Ounces)
{
    private static readonly Dictionary<string, decimal> OuncesIn = new(StringComparer.Ordinal)
    {
        ["g"] = 1 / 28.349523125m,
        ["kg"] = 1000 / 28.349523125m,
        ["lb"] = 16,
        ["oz"] = 1,
    };

    /// <summary>The rates may come later.</summary>
    public bool IsAsync => Body["async"]?.GetValueKind() != JsonValueKind.False;

    /// <summary>Reads the body, or says what is wrong with each field.</summary>
    public static (ShipmentRequest? Request, JsonObject Errors) Read(JsonObject body)
    {
        var errors = new FieldErrors(body);
        errors.Required("address_from", "address_to", "parcels");
        errors.Texts("metadata", "shipment_date");
        errors.Flags("async");
        errors.Objects("extra");
        foreach (var name in new[] { "address_from", "address_to", "address_return" }.Where(body.ContainsKey))
            CheckAddress(body[name], name, errors);
        if (body.ContainsKey("parcels"))
            CheckParcels(body["parcels"], errors);
        if (body.ContainsKey("carrier_accounts") && !(body.Array("carrier_accounts") is { } accounts && accounts.All(IsText)))
            errors.Add("carrier_accounts", "Expected a list of strings.");
        return errors.Map.Count > 0 ? (null, errors.Map) : (Of(body), errors.Map);
    }

    private static ShipmentRequest Of(JsonObject body)
    {
        var parcels = body.Array("parcels")!;
        return new(body, body.Object("address_from")!, body.Object("address_to")!, parcels, parcels.Sum(parcel => Weight(parcel!.AsObject())));
    }

    private static decimal Weight(JsonObject parcel) =>
        decimal.Parse(parcel.Text("weight")!, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * OuncesIn[parcel.Text("mass_unit")!];

    private static void CheckAddress(JsonNode? given, string name, FieldErrors errors)
    {
        if (given is not JsonObject address)
        {
            errors.Add(name, IsText(given) ? "Address with supplied object_id not found." : "Expected an address or its object_id.");
            return;
        }

        var fields = new FieldErrors(address);
        fields.Required("country");
        fields.Texts("name", "company", "street1", "street2", "street3", "street_no", "city", "state", "zip", "country", "phone", "email", "metadata");
        fields.Flags("is_residential", "validate");
        if (!fields.Map.ContainsKey("country") && address.Text("country") is not { Length: 2 } or "ZZ")
            fields.Add("country", "Invalid value specified for country.");
        if (fields.Map.Count > 0)
            errors.Add(name, fields.Map);
    }

    private static void CheckParcels(JsonNode? given, FieldErrors errors)
    {
        if (given is not JsonArray { Count: > 0 } parcels)
        {
            errors.Add("parcels", given is JsonArray ? "This list may not be empty." : "Expected a list of items.");
            return;
        }

        var each = parcels.Select(CheckParcel).ToArray();
        if (each.Any(map => map.Count > 0))
            errors.Add("parcels", new JsonArray(each));
    }

    private static JsonObject CheckParcel(JsonNode? given)
    {
        if (given is not JsonObject parcel)
            return new() { ["object_id"] = new JsonArray(IsText(given) ? "Parcel with supplied object_id not found." : "Expected a parcel or its object_id.") };

        var fields = new FieldErrors(parcel);
        // A carrier's own box has its size in the template's name.
        string[] sizes = parcel.ContainsKey("template") ? [] : ["length", "width", "height"];
        fields.Required([.. sizes, "weight", "mass_unit", .. sizes.Length > 0 ? new[] { "distance_unit" } : []]);
        foreach (var size in sizes.Append("weight"))
            fields.Size(size);
        fields.Texts("mass_unit", "distance_unit", "template", "metadata");
        fields.OneOf("mass_unit", [.. OuncesIn.Keys]);
        fields.OneOf("distance_unit", "cm", "in", "ft", "m", "mm", "yd");
        fields.Objects("extra");
        return fields.Map;
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;
}
