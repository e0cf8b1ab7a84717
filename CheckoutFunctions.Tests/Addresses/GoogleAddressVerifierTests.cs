using System.Net;
using System.Text.Json;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Tests.Addresses;

public sealed class GoogleAddressVerifierTests : AddressVerifierContract
{
    protected override string Provider => "Google";

    protected override string HappyBody => """
        { "result": {
            "verdict": { "inputGranularity": "SUB_PREMISE", "validationGranularity": "SUB_PREMISE", "addressComplete": true, "hasInferredComponents": true, "possibleNextAction": "ACCEPT" },
            "address": {
              "postalAddress": { "regionCode": "US", "postalCode": "62701-0042", "administrativeArea": "IL", "locality": "Springfield", "addressLines": ["12 Analytical Rd Apt 7"] },
              "addressComponents": [
                { "componentName": { "text": "12" }, "componentType": "street_number", "confirmationLevel": "CONFIRMED" },
                { "componentName": { "text": "0042" }, "componentType": "postal_code_suffix", "confirmationLevel": "CONFIRMED", "inferred": true } ] } },
          "responseId": "r-1" }
        """;

    protected override (HttpStatusCode Status, string Body) WrongKey =>
        (HttpStatusCode.BadRequest, """{ "error": { "code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT" } }""");

    protected override void Accepts() => Fake.Answers(HttpStatusCode.OK, HappyBody);

    protected override void ReplacesZip() => Fake.Answers(HttpStatusCode.OK, """
        { "result": {
            "verdict": { "validationGranularity": "SUB_PREMISE", "addressComplete": true, "hasReplacedComponents": true, "possibleNextAction": "CONFIRM" },
            "address": {
              "postalAddress": { "regionCode": "US", "postalCode": "62704", "administrativeArea": "IL", "locality": "Springfield", "addressLines": ["12 Analytical Rd", "Apt 7"] },
              "addressComponents": [ { "componentType": "postal_code", "confirmationLevel": "CONFIRMED", "replaced": true } ] } } }
        """);

    protected override void Refuses() => Fake.Answers(HttpStatusCode.OK, """
        { "result": {
            "verdict": { "validationGranularity": "ROUTE", "possibleNextAction": "FIX" },
            "address": { "missingComponentTypes": ["street_number"], "unresolvedTokens": ["xyz"] } } }
        """);

    protected override void DoesNotKnowTheCountry() => Fake.Answers(
        HttpStatusCode.BadRequest,
        """{ "error": { "code": 400, "message": "Unsupported region code: XX.", "status": "INVALID_ARGUMENT" } }""");

    [Fact]
    public async Task It_is_asked_in_its_own_words_with_the_key_in_a_header()
    {
        Accepts();
        await Verify(Typed);
        var request = Fake.Requests.Single();
        Assert.Equal("https://provider.test/base/v1:validateAddress", request.Uri.AbsoluteUri);
        Assert.Equal(Key, request.Headers["X-Goog-Api-Key"]);
        Same("""
            { "address": { "regionCode": "US", "addressLines": ["12 Analytical Rd", "Apt 7"], "locality": "Springfield", "administrativeArea": "IL", "postalCode": "62701" },
              "enableUspsCass": true }
            """,
            request.Json);
    }

    // What an answer without possibleNextAction means.
    [Theory]
    [InlineData(AddressVerdict.Accepted, "\"validationGranularity\":\"PREMISE\",\"addressComplete\":true", "")]
    [InlineData(AddressVerdict.Accepted, "\"validationGranularity\":\"PREMISE\",\"addressComplete\":true", ",\"uspsData\":{\"dpvConfirmation\":\"Y\"}")]
    [InlineData(AddressVerdict.Confirm, "\"validationGranularity\":\"PREMISE\",\"addressComplete\":true", ",\"uspsData\":{\"dpvConfirmation\":\"D\"}")]
    [InlineData(AddressVerdict.Confirm, "\"validationGranularity\":\"PREMISE\",\"addressComplete\":true,\"hasUnconfirmedComponents\":true", "")]
    [InlineData(AddressVerdict.Confirm, "\"validationGranularity\":\"PREMISE\",\"addressComplete\":true,\"hasReplacedComponents\":true", "")]
    [InlineData(AddressVerdict.Confirm, "\"validationGranularity\":\"PREMISE\",\"addressComplete\":true,\"possibleNextAction\":\"SOMETHING_NEW\"", ",\"address\":{\"addressComponents\":[{\"componentType\":\"route\",\"spellCorrected\":true}]}")]
    [InlineData(AddressVerdict.Confirm, "\"validationGranularity\":\"PREMISE\"", ",\"address\":{\"missingComponentTypes\":[\"subpremise\"]}")]
    [InlineData(AddressVerdict.Fix, "\"validationGranularity\":\"PREMISE\"", "")]
    [InlineData(AddressVerdict.Fix, "\"validationGranularity\":\"PREMISE\",\"addressComplete\":true", ",\"address\":{\"unresolvedTokens\":[\"xyz\"]}")]
    [InlineData(AddressVerdict.Fix, "\"validationGranularity\":\"ROUTE\",\"addressComplete\":true", "")]
    [InlineData(AddressVerdict.Fix, "\"addressComplete\":true", "")]
    public async Task Without_a_next_action_the_verdict_is_derived(AddressVerdict expected, string verdict, string rest)
    {
        Fake.Answers(HttpStatusCode.OK, $"{{\"result\":{{\"verdict\":{{{verdict}}}{rest}}}}}");
        Assert.Equal(expected, (await Verify(Typed)).Verdict);
    }

    [Fact]
    public async Task Where_Google_writes_no_address_the_postal_services_is_suggested()
    {
        Fake.Answers(HttpStatusCode.OK, """
            { "result": {
                "verdict": { "validationGranularity": "PREMISE", "addressComplete": true, "possibleNextAction": "CONFIRM" },
                "address": { "addressComponents": [ { "componentType": "route", "spellCorrected": true } ] },
                "uspsData": { "standardizedAddress": { "firstAddressLine": "12 ANALYTICAL RD", "secondAddressLine": "APT 7", "city": "SPRINGFIELD", "state": "IL", "zipCode": "62701", "zipCodeExtension": "0042" } } } }
            """);
        Assert.Equal(new("Ada Lovelace", "12 ANALYTICAL RD", "APT 7", "SPRINGFIELD", "IL", "62701", "US"), (await Verify(Typed)).Suggestion);
    }

    [RecordedFact]
    public async Task Recorded_ca_no_cass() => Same(
        new(AddressVerdict.Accepted, null, []),
        await Replay("ca_no_cass", new("Ada", "111 Richmond Street West", null, "Toronto", "ON", "M5H 2G4", "CA"), compareRequest: true));

    [RecordedFact]
    public async Task Recorded_us_accept_cass() => Same(
        new(AddressVerdict.Accepted, null, []),
        await Replay("us_accept_cass", new("Ada", "1600 Amphitheatre Pkwy", null, "Mountain View", "CA", "94043", "US"), compareRequest: true));

    [RecordedFact]
    public async Task Recorded_us_inferred_city_state_zip() => Same(
        new(
            AddressVerdict.Confirm,
            new("Ada", "1600 Amphitheatre Pkwy", null, "Mountain View", "CA", "94043-1351", "US"),
            ["inferred:locality", "inferred:postal_code", "inferred:administrative_area_level_1"]),
        await Replay("us_inferred_city_state_zip", new("Ada", "1600 Amphitheatre Parkway", null, null, null, null, "US")));

    [RecordedFact]
    public async Task Recorded_doc_add_subpremises() => Same(
        new(AddressVerdict.Confirm, null, ["missing:subpremise"]),
        await Replay("doc_add_subpremises", new(null, "1450 Brickell Avenue", null, "Miami", "FL", "33131-4065", "US")));

    [RecordedFact]
    public async Task Recorded_doc_confirm_inferred_city() => Same(
        new(AddressVerdict.Confirm, null, ["inferred:locality"]),
        await Replay("doc_confirm_inferred_city", new(null, "1402 Allen St", null, null, "MA", "01118", "US")));

    [RecordedFact]
    public async Task Recorded_doc_confirm_replaced_zip() => Same(
        new(AddressVerdict.Confirm, null, ["unconfirmed:street_number", "unconfirmed:subpremise", "replaced:postal_code"]),
        await Replay("doc_confirm_replaced_zip", new(null, "451 7th Avenue South", "Building D", "Seattle", "WA", "98033", "US")));

    [RecordedFact]
    public async Task Recorded_doc_fix_missing_city_zip() => Same(
        new(AddressVerdict.Fix, null, ["unconfirmed:street_number", "unconfirmed:route"]),
        await Replay("doc_fix_missing_city_zip", new(null, "21 45 40th street", null, null, null, null, "US")));

    [RecordedFact]
    public async Task Recorded_error_invalid_argument_400()
    {
        var fault = await Assert.ThrowsAsync<ProviderException>(() => Replay("error_invalid_argument_400", Typed));
        Assert.Contains("answered 400", fault.Message, StringComparison.Ordinal);
        Assert.Contains("is missing from request.", fault.Message, StringComparison.Ordinal);
    }

    private async Task<AddressCheck> Replay(string fixture, Address typed, bool compareRequest = false)
    {
        var recording = Recordings.Read("google-address-validation", fixture);
        Fake.Replays(recording);
        var check = await Verify(typed);
        if (compareRequest)
            Same(recording.GetProperty("request").GetProperty("json").GetRawText(), Fake.Requests.Single().Json);
        return check;
    }

    private static void Same(AddressCheck expected, AddressCheck actual)
    {
        Assert.Equal((expected.Verdict, expected.Suggestion), (actual.Verdict, actual.Suggestion));
        Assert.Equal(expected.Issues, actual.Issues);
    }

    private static void Same(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected} but sent {actual}");
}
