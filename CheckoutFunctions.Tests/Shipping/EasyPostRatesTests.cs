using System.Net;
using System.Text;
using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class EasyPostRatesTests : RateProviderContract
{
    protected override string Provider => "EasyPost";

    protected override string HappyBody => """
        { "rates": [
            { "object": "Rate", "carrier": "FedEx", "service": "STANDARD_OVERNIGHT", "rate": "45.50", "currency": "USD", "delivery_days": 1 },
            { "object": "Rate", "carrier": "USPS", "service": "Priority", "rate": "12.00", "currency": "CAD", "delivery_days": 2 },
            { "object": "Rate", "carrier": "FedEx", "service": "FEDEX_GROUND", "rate": "10.00", "currency": "USD", "delivery_days": 3, "carrier_account_id": "ca_1" },
            { "object": "Rate", "carrier": "FedExDefault", "service": "FEDEX_GROUND", "rate": "10.40", "currency": "USD", "delivery_days": 2, "carrier_account_id": "ca_2" } ],
          "messages": [
            { "carrier": "UPS", "carrier_account_id": "ca_3", "type": "rate_error", "message": "Out of order" },
            { "carrier": "UPSDAP", "carrier_account_id": "ca_4", "type": "rate_error", "message": "Out of order" } ] }
        """;

    protected override (HttpStatusCode Status, string Body) WrongKey =>
        (HttpStatusCode.Forbidden, """{ "error": { "code": "APIKEY.INACTIVE", "message": "This api key is no longer active.", "errors": [] } }""");

    protected override void Quotes() => Fake.Answers(HttpStatusCode.OK, HappyBody);

    protected override void ServesNoLane() =>
        Fake.Answers(HttpStatusCode.OK, """{ "rates": [], "messages": [ { "carrier": "UPS", "type": "rate_error", "message": "Lane not served" } ] }""");

    protected override void RefusesTheAddress() => Fake.Answers(
        HttpStatusCode.UnprocessableEntity,
        """{ "error": { "code": "ADDRESS.COUNTRY.INVALID", "message": "Invalid 'country'", "errors": ["to_address.country"] } }""");

    [Fact]
    public async Task It_is_asked_in_its_own_words_about_the_packed_parcel_from_the_shop()
    {
        Quotes();
        await Fetch(grams: 300);
        var request = Fake.Requests.Single();
        Assert.Equal("https://provider.test/base/beta/rates", request.Uri.AbsoluteUri);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(Key + ":")), request.Headers["Authorization"]);
        var expected = JsonElement.Parse("""
            { "shipment": {
                "from_address": { "street1": "388 Townsend St", "city": "San Francisco", "state": "CA", "zip": "94107", "country": "US" },
                "to_address": { "street1": "12 Analytical Rd", "city": "Springfield", "state": "IL", "zip": "62701", "country": "US" },
                "parcel": { "weight": 15.9 } } }
            """); // 450 g are 15.873 oz
        Assert.True(JsonElement.DeepEquals(expected, request.Json), request.Body);
    }

    [Theory]
    [InlineData("FedEx", "FEDEX_GROUND", "FedEx_Ground")]
    [InlineData("FedEx", "FEDEX_2_DAY", "FedEx_2Day")]
    [InlineData("FedEx", "FEDEX_2_DAY_AM", "FedEx_2DayAM")]
    [InlineData("FedEx", "STANDARD_OVERNIGHT", "FedEx_StandardOvernight")]
    [InlineData("FedExDefault", "SMART_POST", "FedEx_SmartPost")]
    [InlineData("USPS", "GroundAdvantage", "USPS_GroundAdvantage")]
    [InlineData("UPS", "2ndDayAirAM", "UPS_2ndDayAirAM")]
    [InlineData("UPSDAP", "Ground", "UPS_Ground")]
    public async Task Ids_are_carrier_and_service_in_one_spelling(string carrier, string service, string id)
    {
        Fake.Answers(HttpStatusCode.OK, $$"""{ "rates": [ { "carrier": "{{carrier}}", "service": "{{service}}", "rate": "7.005", "currency": "USD", "est_delivery_days": 4 } ] }""");
        var rate = (await Fetch()).Rates.Single();
        Assert.Equal((id, 701, 4), (rate.Id, rate.Cost, rate.DeliveryDays));
    }

    [Theory]
    [InlineData("\"-1.00\"")]
    [InlineData("\"99999999999999999999\"")]
    [InlineData("\"free\"")]
    [InlineData("null")]
    public async Task A_rate_without_a_sensible_price_is_a_fault(string price)
    {
        Fake.Answers(HttpStatusCode.OK, $$"""{ "rates": [ { "carrier": "UPS", "service": "Ground", "rate": {{price}}, "currency": "USD" } ] }""");
        await Assert.ThrowsAsync<ProviderException>(() => Fetch());
    }

    [RecordedFact]
    public async Task Recorded_stateless_rates()
    {
        var recording = Recordings.Read("easypost", "stateless_rates");
        var quote = await Replay(recording);
        Assert.Equal(
            [
                new("USPS_GroundAdvantage", "USPS", "GroundAdvantage", 593, 3, "easypost", false, Time.GetUtcNow()),
                new("USPS_Priority", "USPS", "Priority", 690, 2, "easypost", false, Time.GetUtcNow()),
                new("USPS_Express", "USPS", "Express", 3310, 1, "easypost", false, Time.GetUtcNow()),
            ],
            quote.Rates);
        Assert.Equal(["UPS: Invalid Access License number", "DhlEcs: Invalid credentials"], quote.Messages);
        AssertSubset(Fake.Requests.Single().Json, recording.GetProperty("request").GetProperty("json"));
    }

    [RecordedFact]
    public async Task Recorded_shipment_create_24_rates()
    {
        var quote = await Replay(Recordings.Read("easypost", "shipment_create_24_rates"));
        Assert.Equal(
            [
                ("USPS_GroundAdvantage", 593, 3), ("USPS_Priority", 690, 2), ("UPS_Ground", 1488, 2), ("UPS_3DaySelect", 2246, 3), ("UPS_2ndDayAir", 2945, 2),
                ("UPS_2ndDayAirAM", 3335, 2), ("USPS_Express", 3410, 1), ("UPS_NextDayAirSaver", 8330, 1), ("UPS_NextDayAir", 8850, 1), ("UPS_NextDayAirEarlyAM", 12330, 1),
            ],
            quote.Rates.Select(rate => (rate.Id, rate.Cost, rate.DeliveryDays)));
        Assert.Equal(2, quote.Messages.Count);
    }

    [RecordedFact]
    public async Task Recorded_shipment_create_2026() => Assert.Equal(
        ["USPS_GroundAdvantage", "USPS_Priority", "FedEx_SmartPost", "USPS_Express"],
        (await Replay(Recordings.Read("easypost", "shipment_create_2026"))).Rates.Select(rate => rate.Id));

    [RecordedFact]
    public async Task Recorded_error_parameter_required()
    {
        var fault = await Assert.ThrowsAsync<ProviderException>(() => Replay(Recordings.Read("easypost", "error_parameter_required")));
        Assert.Contains("answered 422", fault.Message, StringComparison.Ordinal);
        Assert.Contains("PARAMETER.REQUIRED", fault.Message, StringComparison.Ordinal);
    }

    private Task<RateQuote> Replay(JsonElement recording)
    {
        Fake.Replays(recording);
        return Fetch();
    }

    /// <summary>What we send has the recorded request's names and kinds; the recording may hold more.</summary>
    private static void AssertSubset(JsonElement sent, JsonElement recorded)
    {
        Assert.Equal(recorded.ValueKind, sent.ValueKind);
        if (sent.ValueKind == JsonValueKind.Object)
            foreach (var property in sent.EnumerateObject())
                AssertSubset(property.Value, recorded.GetProperty(property.Name));
    }
}
