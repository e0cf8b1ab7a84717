namespace Sandbox.EasyPost;

/// <summary>A carrier's offer in US dollars.</summary>
internal sealed record Quote(string Carrier, string Service, decimal Rate, int DeliveryDays);

internal sealed record CarrierMessage(string Carrier, string Text);

/// <summary>
/// What the carriers ask, as a function of weight and distance alone: the same parcel always costs the same.
/// A light parcel (2 kg, however it was rounded to ounces) goes by FedEx Ground for 10.00 within the US.
/// </summary>
internal static class Carriers
{
    private const decimal LightOunces = 71;

    private static readonly Service[] Domestic =
    [
        new("FedEx", "FEDEX_GROUND", 10.00m, PerPound: 1.10m, PerZone: 0m, Days: 3),
        new("FedEx", "FEDEX_2_DAY", 18.40m, PerPound: 1.90m, PerZone: 1.50m, Days: 2),
        new("FedEx", "STANDARD_OVERNIGHT", 34.75m, PerPound: 2.60m, PerZone: 3.20m, Days: 1),
        new("USPS", "GroundAdvantage", 10.35m, PerPound: 0.95m, PerZone: 0.40m, Days: 4),
        new("USPS", "Priority", 12.65m, PerPound: 1.20m, PerZone: 0.85m, Days: 2),
        new("USPS", "Express", 33.10m, PerPound: 2.40m, PerZone: 1.75m, Days: 1),
        new("UPS", "Ground", 10.85m, PerPound: 1.15m, PerZone: 0.30m, Days: 3),
        new("UPS", "NextDayAir", 36.20m, PerPound: 2.75m, PerZone: 3.40m, Days: 1),
    ];

    private static readonly Service[] International =
    [
        new("FedEx", "FEDEX_INTERNATIONAL_PRIORITY", 48.90m, PerPound: 5.20m, PerZone: 9.00m, Days: 3),
        new("USPS", "PriorityMailInternational", 41.25m, PerPound: 3.90m, PerZone: 6.50m, Days: 8),
        new("UPS", "Expedited", 45.60m, PerPound: 4.80m, PerZone: 8.25m, Days: 5),
    ];

    private static readonly HashSet<string> Unserved = ["AQ", "BV", "GS", "HM", "KP", "SY", "TF", "UM"];

    public static (IReadOnlyList<Quote> Quotes, IReadOnlyList<CarrierMessage> Messages) Rate(RateRequest request)
    {
        var services = request.Domestic ? Domestic : International;
        var refused = services.Select(service => service.Carrier).Distinct()
            .Select(carrier => new CarrierMessage(carrier, Refusal(carrier, request) ?? ""))
            .Where(message => message.Text.Length > 0).ToArray();
        var quotes = services.Where(service => refused.All(message => message.Carrier != service.Carrier)).Select(service => service.Quote(request));

        // An account that was never set up, as most have: partial failure is the normal case.
        CarrierMessage unconfigured = new("DhlEcs", "shipment.options.merchant_id is required");
        return ([.. quotes], [.. refused, unconfigured]);
    }

    private static string? Refusal(string carrier, RateRequest request)
    {
        if (Unserved.Contains(request.ToCountry))
            return $"No service is available to the destination country {request.ToCountry}.";
        if (carrier == "USPS" && request.FromCountry != "US")
            return "Unable to get rates for shipments originating outside of the United States.";
        if (request.Ounces > (carrier == "USPS" ? 70 : 150) * 16)
            return $"The package weight exceeds the {carrier} maximum.";
        var poBox = (request.To.Text("street1") ?? "").Replace(".", "", StringComparison.Ordinal).StartsWith("po box", StringComparison.OrdinalIgnoreCase);
        return carrier != "USPS" && poBox ? "Delivery to a P.O. Box is not available." : null;
    }

    /// <summary>0 nearby to 3 across the country, by the ZIPs' first digits; abroad 0 for neighbours, else 2.</summary>
    public static int Zone(RateRequest request)
    {
        if (!request.Domestic)
            return (request.FromCountry, request.ToCountry) is ("US", "CA" or "MX") or ("CA" or "MX", "US") ? 0 : 2;
        var (from, to) = (FirstDigit(request.From.Text("zip")), FirstDigit(request.To.Text("zip")));
        return Math.Abs(from - to) switch { 0 => 0, <= 2 => 1, <= 5 => 2, _ => 3 };
    }

    private static int FirstDigit(string? zip) => zip is { Length: > 0 } && char.IsAsciiDigit(zip[0]) ? zip[0] - '0' : 5;

    private sealed record Service(string Carrier, string Name, decimal Base, decimal PerPound, decimal PerZone, int Days)
    {
        public Quote Quote(RateRequest request)
        {
            var pounds = Math.Ceiling(Math.Max(0, request.Ounces - LightOunces) / 16);
            return new(Carrier, Name, Base + (pounds * PerPound) + (Zone(request) * PerZone), Days);
        }
    }
}
