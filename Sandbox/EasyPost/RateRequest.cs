using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.EasyPost;

/// <summary>One parcel from one address to another. Weight in ounces.</summary>
internal sealed record RateRequest(JsonObject Shipment, JsonObject From, JsonObject To, JsonObject Parcel, decimal Ounces)
{
    public string FromCountry => From.Text("country")!.ToUpperInvariant();

    public string ToCountry => To.Text("country")!.ToUpperInvariant();

    public bool Domestic => FromCountry == ToCountry;

    private static readonly string[] Texts = ["name", "company", "street1", "street2", "city", "state", "zip", "country", "phone", "email"];

    private static readonly string[] Sizes = ["length", "width", "height"];

    /// <summary>Reads the body, or names the first field that is missing or of no use.</summary>
    public static (RateRequest? Request, FieldError? Error) Read(JsonObject body)
    {
        if (body.Object("shipment") is not { Count: > 0 } shipment)
            return (null, FieldError.Missing("shipment"));
        foreach (var name in new[] { "to_address", "from_address" })
        {
            if (shipment.Object(name) is not { Count: > 0 } address)
                return (null, FieldError.Missing(name));
            if (address.Text("country") is not { } country)
                return (null, FieldError.Missing($"{name}.country"));
            if (country.Length != 2)
                return (null, new($"{name}.country", "must be an ISO 3166-1 alpha-2 code"));
            if (Texts.FirstOrDefault(field => address[field] is { } value && value.GetValueKind() != JsonValueKind.String) is { } wrong)
                return (null, new($"{name}.{wrong}", "must be a string"));
            // A quote to a postal code needs no street; a parcel leaves from one.
            if (name == "from_address" && address.Text("street1") is null)
                return (null, FieldError.Missing($"{name}.street1"));
        }

        if (shipment.Object("parcel") is not { Count: > 0 } parcel)
            return (null, FieldError.Missing("parcel"));
        if (!parcel.Has("weight"))
            return (null, FieldError.Missing("parcel.weight"));
        if (Sizes.FirstOrDefault(field => parcel.Has(field) && parcel.Number(field) is not > 0) is { } size)
            return (null, new($"parcel.{size}", "must be greater than 0"));
        return parcel.Number("weight") is { } weight and > 0
            ? (new(shipment, shipment.Object("from_address")!, shipment.Object("to_address")!, parcel, weight), null)
            : (null, new("parcel.weight", "must be greater than 0"));
    }
}

internal sealed record FieldError(string Field, string Message, bool Blank = false)
{
    public static FieldError Missing(string field) => new(field, "cannot be blank", Blank: true);
}
