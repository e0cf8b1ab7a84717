using System.Text.Json.Nodes;
using Sandbox.EasyPost;

namespace Sandbox.Shippo;

/// <summary>A carrier's offer in US dollars, in Shippo's names.</summary>
internal sealed record Offer(string Carrier, string Token, string Name, decimal Amount, int Days);

/// <summary>
/// The same carriers as at EasyPost, at prices of Shippo's own: the post is cheaper here, FedEx and UPS are dearer. A light parcel goes by FedEx Ground
/// for 10.20 within the US. Abroad there is DHL Express, too.
/// </summary>
internal static class ShippoCarriers
{
    private static readonly Dictionary<string, (string Token, string Name)> Services = new(StringComparer.Ordinal)
    {
        ["FEDEX_GROUND"] = ("fedex_ground", "Ground"),
        ["FEDEX_2_DAY"] = ("fedex_2_day", "2 Day"),
        ["STANDARD_OVERNIGHT"] = ("fedex_standard_overnight", "Standard Overnight"),
        ["FEDEX_INTERNATIONAL_PRIORITY"] = ("fedex_international_priority", "International Priority"),
        ["GroundAdvantage"] = ("usps_ground_advantage", "Ground Advantage"),
        ["Priority"] = ("usps_priority", "Priority Mail"),
        ["Express"] = ("usps_priority_express", "Priority Mail Express"),
        ["PriorityMailInternational"] = ("usps_priority_mail_international", "Priority Mail International"),
        ["Ground"] = ("ups_ground", "Ground"),
        ["NextDayAir"] = ("ups_next_day_air", "Next Day Air®"),
        ["Expedited"] = ("ups_expedited", "Expedited®"),
    };

    public static (IReadOnlyList<Offer> Offers, IReadOnlyList<CarrierMessage> Messages) Rate(ShipmentRequest request)
    {
        var asked = new RateRequest(request.Body, Place(request.From), Place(request.To), [], request.Ounces);
        var (quotes, messages) = Carriers.Rate(asked);
        var offers = quotes.Select(quote => new Offer(quote.Carrier, Services[quote.Service].Token, Services[quote.Service].Name, Price(quote), quote.DeliveryDays)).ToList();
        if (offers.Find(offer => offer.Token == "fedex_international_priority") is { } abroad)
            offers.Add(new("DHL Express", "dhl_express_worldwide", "Express Worldwide", abroad.Amount - 1.40m, abroad.Days));

        // EasyPost's customers have an account there that they never set up; Shippo's have one of Shippo's own at DHL, for abroad only.
        var refused = messages.Where(message => message.Carrier != "DhlEcs").ToList();
        if (asked.Domestic)
            refused.Add(new("DHLExpress", "Shippo's own DHL Express account takes no shipments within the US."));
        return (offers, refused);
    }

    private static decimal Price(Quote quote) => quote.Carrier == "USPS" ? decimal.Round(quote.Rate * 0.94m, 2) : quote.Rate + 0.20m;

    private static JsonObject Place(JsonObject address) => new()
    {
        ["street1"] = address.Text("street1") ?? "-",
        ["zip"] = address.Text("zip"),
        ["country"] = address.Text("country"),
    };
}
