using System.Net;
using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class ShippoRatesTests : RateProviderContract
{
    /// <summary>What of the recordings the adapter meets: each has a test below.</summary>
    private static readonly string[] Read = ["shipment_create_sync", "shipment_create_2022_carrier_message", "shipment_retrieve_messages", "shipment_rates_list", "error_address_404_html", "error_transaction_400"];

    /// <summary>
    /// What it doesn't: addresses are verified by Google, a shipment is quoted with its address and parcel in it, and labels are bought and
    /// tracked by the shop's own warehouse. No call of ours is answered so, nor is any webhook of Shippo's subscribed to.
    /// </summary>
    private static readonly string[] NeverMet =
    [
        "address_create", "address_create_incomplete", "address_validate_ok", "address_validate_ok_create", "shipment_address_from", "shipment_parcel",
        "track_get", "track_register", "transaction_create_queued", "transaction_create_success_2022", "webhook_signature_known_answers",
    ];

    protected override string Provider => "Shippo";

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Shipping:Providers"] = "Shippo" };

    protected override string HappyBody => Shipment(
        """
        { "provider": "FedEx", "servicelevel": { "name": "Standard Overnight", "token": "fedex_standard_overnight" }, "amount": "45.50", "currency": "USD", "amount_local": "45.50", "currency_local": "USD", "estimated_days": 1, "zone": null },
        { "provider": "USPS", "servicelevel": { "name": "Priority Mail", "token": "usps_priority" }, "amount": "12.00", "currency": "CAD", "amount_local": "12.00", "currency_local": "CAD", "estimated_days": 2 },
        { "provider": "FedEx", "servicelevel": { "name": "Ground", "token": "fedex_ground", "terms": "" }, "amount": "10.00", "currency": "USD", "amount_local": "13.70", "currency_local": "CAD", "estimated_days": 3, "attributes": [ "CHEAPEST" ] }
        """,
        """{ "source": "UPS", "code": "", "text": "Out of order" }, { "source": "UPS", "code": "", "text": "Out of order" }, { "source": null, "code": null, "text": "" }""");

    protected override (HttpStatusCode Status, string Body) WrongKey => (HttpStatusCode.Unauthorized, """{ "detail": "Invalid token" }""");

    protected override void Quotes() => Fake.Answers(HttpStatusCode.Created, HappyBody);

    protected override void ServesNoLane() => Fake.Answers(HttpStatusCode.Created, Shipment("", """{ "source": "UPS", "code": "", "text": "Lane not served" }"""));

    protected override void RefusesTheAddress() => Fake.Answers(HttpStatusCode.BadRequest, """{ "address_to": { "country": [ "No such country." ] } }""");

    [Fact]
    public async Task It_is_asked_in_its_own_words_about_the_packed_parcel_from_the_shop()
    {
        Quotes();
        await Fetch(grams: 300);
        var request = Fake.Requests.Single();
        Assert.Equal("https://provider.test/base/shipments/", request.Uri.AbsoluteUri);
        Assert.Equal("ShippoToken " + Key, request.Headers["Authorization"]);
        Assert.Equal("2018-02-08", request.Headers["SHIPPO-API-VERSION"]);
        var expected = JsonElement.Parse("""
            { "address_from": { "street1": "388 Townsend St", "city": "San Francisco", "state": "CA", "zip": "94107", "country": "US" },
              "address_to": { "street1": "12 Analytical Rd", "city": "Springfield", "state": "IL", "zip": "62701", "country": "US" },
              "parcels": [ { "length": "16", "width": "13", "height": "8.7", "distance_unit": "cm", "weight": "450", "mass_unit": "g" } ],
              "async": false }
            """);
        Assert.True(JsonElement.DeepEquals(expected, request.Json), request.Body);
    }

    /// <summary>Carriers take the weight, or the volume where that says more: 5 cm³ a gram at most.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(350)]
    [InlineData(2_000)]
    [InlineData(30_000)]
    public async Task No_parcel_is_so_big_that_its_size_costs(int grams)
    {
        Quotes();
        await Fetch(grams);
        var parcel = Fake.Requests.Single().Json.GetProperty("parcels")[0];
        decimal Of(string name) => decimal.Parse(parcel.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Of("length") * Of("width") * Of("height") < 5 * Of("weight"), parcel.ToString());
        Assert.True(Of("length") >= 16 && Of("width") >= 11 && Of("height") >= 1, parcel.ToString());
    }

    [Fact]
    public async Task The_amount_in_the_carts_currency_counts_whichever_of_the_two_it_is()
    {
        Fake.Answers(HttpStatusCode.Created, Shipment("""{ "provider": "UPS", "servicelevel": { "token": "ups_standard" }, "amount": "9.10", "currency": "USD", "amount_local": "12.345", "currency_local": "CAD", "days": 4 }"""));
        var rate = (await Fetch(currency: "CAD")).Rates.Single();
        Assert.Equal(("UPS_UPSStandard", 1235, 4), (rate.Id, rate.Cost, rate.DeliveryDays));
        Assert.Equal(["UPS: quotes in USD, not in EUR."], (await Fetch(currency: "EUR")).Messages);
    }

    [Theory]
    [InlineData("\"-1.00\"")]
    [InlineData("\"99999999999999999999\"")]
    [InlineData("\"free\"")]
    [InlineData("null")]
    public async Task A_rate_without_a_sensible_price_is_a_fault(string price)
    {
        Fake.Answers(HttpStatusCode.Created, Shipment($$"""{ "provider": "UPS", "servicelevel": { "token": "ups_ground" }, "amount": {{price}}, "currency": "USD" }"""));
        await Assert.ThrowsAsync<ProviderException>(() => Fetch());
    }

    [Theory]
    [InlineData("ERROR", "status ERROR")]
    [InlineData("TRANSMOGRIFIED", "can't be read ($.status)")]
    [InlineData("QUEUED", "can't be read ($.object_id)")]
    public async Task Any_status_but_success_is_a_fault(string status, string text)
    {
        Fake.Answers(HttpStatusCode.Created, $$"""{ "status": "{{status}}", "rates": [], "messages": [] }""");
        Assert.Contains(text, (await Assert.ThrowsAsync<ProviderException>(() => Fetch())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "address_to": [ "No such place.", { "zip": [ "Not a ZIP." ] } ] }""", "No such place. Not a ZIP. (zip)")]
    [InlineData("""{ "address_to": { "zip": [ "Not a ZIP." ], "state": "Unknown." } }""", "Not a ZIP. (zip) Unknown. (state)")]
    public async Task Why_an_address_is_refused_is_read_however_deep_it_lies(string body, string reason)
    {
        Fake.Answers(HttpStatusCode.BadRequest, body);
        Assert.Equal([reason], (await Fetch()).Notices!);
    }

    [Theory]
    [InlineData("""{ "detail": "Malformed request." }""")]
    [InlineData("""{ "address_from": { "country": [ "Bad." ] } }""")]
    [InlineData("""{ "address_to": { "country": [ "Bad." ] }, "parcels": [ { "weight": [ "Bad." ] } ] }""")]
    [InlineData("""{ "address_to": {} }""")]
    [InlineData("""[ "Bad." ]""")]
    [InlineData("<h1>Bad Request</h1>")]
    public async Task Any_other_refusal_is_our_mistake(string body)
    {
        Fake.Answers(HttpStatusCode.BadRequest, body);
        Assert.Contains("answered 400", (await Assert.ThrowsAsync<ProviderException>(() => Fetch())).Message, StringComparison.Ordinal);
    }

    [RecordedFact]
    public async Task Recorded_shipment_create_2022_carrier_message()
    {
        var recording = Recordings.Read("shippo", "shipment_create_2022_carrier_message");
        var quote = await Replay(recording);
        Assert.Equal(
            [
                new("USPS_ParcelSelect", "USPS", "ParcelSelect", 1218, 7, "shippo", false, Time.GetUtcNow()),
                new("USPS_Priority", "USPS", "Priority", 1244, 1, "shippo", false, Time.GetUtcNow()),
                new("USPS_Express", "USPS", "Express", 2605, 2, "shippo", false, Time.GetUtcNow()),
            ],
            quote.Rates);
        Assert.StartsWith("DHLExpress: ", Assert.Single(quote.Messages), StringComparison.Ordinal);
        Assert.Empty(quote.Notices!);
        Assert.EndsWith("/shipments/", recording.GetProperty("request").GetProperty("url").GetString()!, StringComparison.Ordinal);
        Assert.Equal(recording.GetProperty("request").GetProperty("json").GetProperty("async").ValueKind, Fake.Requests.Single().Json.GetProperty("async").ValueKind);
    }

    [RecordedFact]
    public async Task Recorded_shipment_create_sync()
    {
        var quote = await Replay(Recordings.Read("shippo", "shipment_create_sync"));
        Assert.Equal(
            [
                ("USPS_Priority", 909, 1), ("USPS_ParcelSelect", 977, 7), ("FedEx_Ground", 1305, 1), ("UPS_Ground", 1480, 6), ("UPS_3DaySelect", 1694, 3),
                ("FedEx_ExpressSaver", 2099, 5), ("USPS_Express", 2208, 2), ("FedEx_2Day", 2273, 4), ("UPS_2ndDayAir", 2386, 2), ("FedEx_2DayAM", 2473, 3),
                ("UPS_2ndDayAirAM", 2649, 2), ("FedEx_PriorityOvernight", 3173, 2), ("FedEx_StandardOvernight", 3221, 3), ("UPS_NextDayAirSaver", 3402, 1),
                ("UPS_NextDayAir", 3598, 1), ("FedEx_FirstOvernight", 6316, 2),
            ],
            quote.Rates.Select(rate => (rate.Id, rate.Cost, rate.DeliveryDays)));
        Assert.Equal(4, quote.Messages.Count);
        Assert.Empty(quote.Notices!);
    }

    /// <summary>What is looked at while a shipment is still being rated; its list of rates, recorded at the same moment, says the same and less.</summary>
    [RecordedFact]
    public async Task Recorded_shipment_retrieve_messages_and_shipment_rates_list()
    {
        var shipment = await Replay(Recordings.Read("shippo", "shipment_retrieve_messages"));
        Assert.Equal((16, 4), (shipment.Rates.Count, shipment.Messages.Count));
        var list = Recordings.Read("shippo", "shipment_rates_list").GetProperty("response").GetProperty("json").GetProperty("results");
        Fake.Answers(HttpStatusCode.OK, Shipment(list.GetRawText().Trim()[1..^1]));
        Assert.Equal(shipment.Rates, (await Fetch()).Rates);
    }

    [RecordedFact]
    public async Task Recorded_error_address_404_html_and_error_transaction_400_are_faults_that_read_well()
    {
        var page = Recordings.Read("shippo", "error_address_404_html").GetProperty("response").GetProperty("body").GetString()!;
        Fake.Answers(HttpStatusCode.NotFound, page, "text/html");
        Assert.Contains("answered 404 <h1>Not Found", (await Assert.ThrowsAsync<ProviderException>(() => Fetch())).Message, StringComparison.Ordinal);
        var fault = await Assert.ThrowsAsync<ProviderException>(() => Replay(Recordings.Read("shippo", "error_transaction_400")));
        Assert.Contains("answered 400", fault.Message, StringComparison.Ordinal);
        Assert.Contains("This field is required.", fault.Message, StringComparison.Ordinal);
    }

    [RecordedFact]
    public void Each_recording_is_read_or_never_met() => Assert.Equal(
        Directory.GetFiles(Path.Combine(Recordings.Folder!, "shippo", "fixtures"), "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
        Read.Concat(NeverMet).Order(StringComparer.Ordinal));

    private static string Shipment(string rates, string messages = "") =>
        $$"""{ "object_id": "e6f4", "status": "SUCCESS", "customs_declaration": null, "rates": [ {{rates}} ], "messages": [ {{messages}} ] }""";

    private Task<RateQuote> Replay(JsonElement recording)
    {
        Fake.Replays(recording);
        return Fetch();
    }
}
