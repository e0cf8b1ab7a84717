using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.EasyPost;

/// <summary>EasyPost's objects on the wire: money as decimal strings in major units.</summary>
internal static class EasyPostJson
{
    public static JsonObject Shipment(RateRequest request, DateTimeOffset now)
    {
        var at = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var id = Ids.Hex("shp_");
        var (quotes, messages) = Carriers.Rate(request);
        var from = Address(request.From, at);
        var to = Address(request.To, at);
        return new()
        {
            ["id"] = id,
            ["object"] = "Shipment",
            ["created_at"] = at,
            ["updated_at"] = at,
            ["mode"] = "test",
            ["status"] = "unknown",
            ["is_return"] = false,
            ["reference"] = request.Shipment.Text("reference"),
            ["options"] = Options(request),
            ["customs_info"] = request.Shipment["customs_info"]?.DeepClone(),
            ["from_address"] = from,
            ["return_address"] = from.DeepClone(),
            ["to_address"] = to,
            ["buyer_address"] = to.DeepClone(),
            ["parcel"] = Parcel(request.Parcel, at),
            ["rates"] = new JsonArray([.. quotes.Select(quote => Rate(quote, id, at))]),
            ["messages"] = Messages(messages),
            ["usps_zone"] = request.Domestic ? 1 + (2 * Carriers.Zone(request)) : null,
            ["selected_rate"] = null,
            ["postage_label"] = null,
            ["tracker"] = null,
            ["tracking_code"] = null,
            ["refund_status"] = null,
            ["scan_form"] = null,
            ["insurance"] = null,
            ["order_id"] = null,
            ["batch_id"] = null,
            ["batch_status"] = null,
            ["batch_message"] = null,
            ["forms"] = new JsonArray(),
            ["fees"] = new JsonArray(),
        };
    }

    public static JsonObject StatelessRates(RateRequest request)
    {
        var (quotes, messages) = Carriers.Rate(request);
        return new()
        {
            ["from_address"] = Tagged("Address", request.From),
            ["to_address"] = Tagged("Address", request.To),
            ["parcel"] = Tagged("Parcel", request.Parcel),
            ["options"] = Options(request),
            ["rates"] = new JsonArray([.. quotes.Select(quote => Rate(quote, null, null))]),
            ["messages"] = Messages(messages),
        };
    }

    private static JsonObject Rate(Quote quote, string? shipment, string? at)
    {
        var rate = new JsonObject
        {
            ["object"] = "Rate",
            ["mode"] = "test",
            ["service"] = quote.Service,
            ["carrier"] = quote.Carrier,
            ["rate"] = Dollars(quote.Rate),
            ["currency"] = "USD",
            ["retail_rate"] = Dollars(quote.Rate * 1.35m),
            ["retail_currency"] = "USD",
            ["list_rate"] = Dollars(quote.Rate * 1.15m),
            ["list_currency"] = "USD",
            ["billing_type"] = "easypost",
            ["delivery_days"] = quote.DeliveryDays,
            ["delivery_date"] = null,
            ["delivery_date_guaranteed"] = false,
            ["est_delivery_days"] = quote.DeliveryDays,
            ["carrier_account_id"] = Account(quote.Carrier),
        };
        if (shipment is null)
            return rate;
        rate["id"] = Ids.Hex("rate_");
        rate["shipment_id"] = shipment;
        rate["created_at"] = at;
        rate["updated_at"] = at;
        return rate;
    }

    private static JsonArray Messages(IEnumerable<CarrierMessage> messages) => new([.. messages.Select(message => new JsonObject
    {
        ["carrier"] = message.Carrier, ["carrier_account_id"] = Account(message.Carrier), ["type"] = "rate_error", ["message"] = message.Text,
    })]);

    private static JsonObject Address(JsonObject given, string at)
    {
        var address = new JsonObject { ["id"] = Ids.Hex("adr_"), ["object"] = "Address", ["created_at"] = at, ["updated_at"] = at, ["mode"] = "test" };
        foreach (var name in new[] { "name", "company", "street1", "street2", "city", "state", "zip", "country", "phone", "email" })
            address[name] = given.Text(name);
        foreach (var name in new[] { "carrier_facility", "residential", "federal_tax_id", "state_tax_id" })
            address[name] = null;
        address["verifications"] = new JsonObject();
        return address;
    }

    private static JsonObject Parcel(JsonObject given, string at)
    {
        var parcel = new JsonObject { ["id"] = Ids.Hex("prcl_"), ["object"] = "Parcel", ["created_at"] = at, ["updated_at"] = at, ["mode"] = "test" };
        foreach (var name in new[] { "length", "width", "height", "weight" })
            parcel[name] = given.Number(name);
        parcel["predefined_package"] = given.Text("predefined_package");
        return parcel;
    }

    private static JsonObject Options(RateRequest request)
    {
        var options = request.Shipment.Object("options")?.DeepClone().AsObject() ?? [];
        options["currency"] = "USD";
        options["payment"] = new JsonObject { ["type"] = "SENDER" };
        options["date_advance"] = 0;
        return options;
    }

    private static JsonObject Tagged(string type, JsonObject given)
    {
        var tagged = given.DeepClone().AsObject();
        tagged["object"] = type;
        return tagged;
    }

    private static string Dollars(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    // The same account for a carrier each time, as for a real customer.
    private static string Account(string carrier) => "ca_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(carrier)))[..32];
}
