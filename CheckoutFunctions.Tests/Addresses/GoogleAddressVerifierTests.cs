using System.Net;
using System.Text.Json;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Tests.Addresses;

public sealed class GoogleAddressVerifierTests : AddressVerifierContract
{
    /// <summary>The id in Google's documented examples.</summary>
    private const string Documented = "documented-example";

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
            "address": { "missingComponentTypes": ["street_number"], "addressComponents": [ { "componentType": "locality" }, { "componentType": "postal_code" } ], "unresolvedTokens": ["xyz"] } },
          "responseId": "r-refused" }
        """);

    protected override void MissesUnit() => Fake.Answers(HttpStatusCode.OK, """
        { "result": {
            "verdict": { "validationGranularity": "PREMISE", "possibleNextAction": "CONFIRM_ADD_SUBPREMISES" },
            "address": { "missingComponentTypes": ["subpremise"] },
            "uspsData": { "dpvConfirmation": "D" } } }
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

    [Fact]
    public async Task A_correction_names_the_first_answer_in_its_own_words()
    {
        Accepts();
        Assert.Equal("r-1", (await Verify(Typed, previous: "r-0")).ResponseId);
        Assert.Equal("r-0", Fake.Requests.Single().Json.GetProperty("previousResponseId").GetString());
    }

    [Fact]
    public async Task An_id_that_it_no_longer_knows_does_not_cost_the_verification()
    {
        Fake.Answers(request => request.Content!.ReadAsStringAsync().Result.Contains("previousResponseId", StringComparison.Ordinal)
            ? (HttpStatusCode.BadRequest, """{ "error": { "code": 400, "message": "Invalid previous_response_id.", "status": "INVALID_ARGUMENT" } }""")
            : (HttpStatusCode.OK, HappyBody));
        Assert.Equal(AddressVerdict.Accepted, (await Verify(Typed, previous: "r-0")).Verdict);
        Assert.Equal(2, Fake.Requests.Count);
    }

    [Fact]
    public async Task A_unit_that_the_postal_service_does_not_know_is_to_be_checked()
    {
        Fake.Answers(HttpStatusCode.OK, """
            { "result": { "verdict": { "validationGranularity": "PREMISE", "addressComplete": true, "possibleNextAction": "CONFIRM" }, "uspsData": { "dpvConfirmation": "S" } } }
            """);
        Assert.Equal(["unconfirmed:subpremise"], (await Verify(Typed)).Issues);
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
        new(AddressVerdict.Accepted, null, [], "947adeee-e51e-40dc-85b0-967144d2c346"),
        await Replay("ca_no_cass", new("Ada", "111 Richmond Street West", null, "Toronto", "ON", "M5H 2G4", "CA"), compareRequest: true));

    [RecordedFact]
    public async Task Recorded_us_accept_cass() => Same(
        new(AddressVerdict.Accepted, null, [], "19b1f620-697e-4a4d-b994-a38eaf453e9f"),
        await Replay("us_accept_cass", new("Ada", "1600 Amphitheatre Pkwy", null, "Mountain View", "CA", "94043", "US"), compareRequest: true));

    [RecordedFact]
    public async Task Recorded_us_inferred_city_state_zip() => Same(
        new(
            AddressVerdict.Confirm,
            new("Ada", "1600 Amphitheatre Pkwy", null, "Mountain View", "CA", "94043-1351", "US"),
            ["inferred:locality", "inferred:postal_code", "inferred:administrative_area_level_1"],
            "555af283-4afe-4a26-a192-b837ceac518a"),
        await Replay("us_inferred_city_state_zip", new("Ada", "1600 Amphitheatre Parkway", null, null, null, null, "US")),
        "address_confirm /shipping_address: Please check the address: the suggestion differs.",
        "address_inferred_city /shipping_address/city: The city was not given: we would write “Mountain View”.",
        "address_inferred_postal_code /shipping_address/zip: The postal code was not given: we would write “94043-1351”.",
        "address_inferred_state /shipping_address/state: The state was not given: we would write “CA”.");

    [RecordedFact]
    public async Task Recorded_doc_add_subpremises() => Same(
        new(AddressVerdict.Confirm, null, ["missing:subpremise"], Documented),
        await Replay("doc_add_subpremises", new(null, "1450 Brickell Avenue", null, "Miami", "FL", "33131-4065", "US")),
        "address_missing_unit /shipping_address/line2: This building has several units: please add the apartment or unit number.");

    [RecordedFact]
    public async Task Recorded_doc_confirm_inferred_city() => Same(
        new(AddressVerdict.Confirm, null, ["inferred:locality"], Documented),
        await Replay("doc_confirm_inferred_city", new(null, "1402 Allen St", null, null, "MA", "01118", "US")),
        "address_inferred_city /shipping_address/city: The city was not given: please add it.");

    [RecordedFact]
    public async Task Recorded_doc_confirm_replaced_zip() => Same(
        new(AddressVerdict.Confirm, null, ["unconfirmed:street_number", "unconfirmed:subpremise", "replaced:postal_code"], Documented),
        await Replay("doc_confirm_replaced_zip", new(null, "451 7th Avenue South", "Building D", "Seattle", "WA", "98033", "US")),
        "address_unconfirmed_house_number /shipping_address/line1: We could not confirm the house number: please check it.",
        "address_unconfirmed_unit /shipping_address/line2: We could not confirm the apartment or unit number: please check it.",
        "address_replaced_postal_code /shipping_address/zip: The postal code doesn't fit the rest of the address: please check it.");

    [RecordedFact]
    public async Task Recorded_doc_fix_missing_city_zip()
    {
        var check = await Replay("doc_fix_missing_city_zip", new(null, "21 45 40th street", null, null, null, null, "US"));
        Same(new(AddressVerdict.Fix, null, ["missing:locality", "missing:postal_code", "unconfirmed:street_number", "unconfirmed:route"], Documented), check);
        Assert.Equal(
            "Mail can't be delivered to this address. The city is missing. The postal code is missing. We could not confirm the house number: please check it. "
            + "We could not confirm the street: please check it.",
            AddressAdvice.Refusal(check));
        Assert.Equal(["/city", "/zip", "/line1", "/line1"], AddressAdvice.Errors(check)!.Select(error => error.Pointer));
    }

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

    private static void Same(AddressCheck expected, AddressCheck actual, params string[] messages)
    {
        Assert.Equal((expected.Verdict, expected.Suggestion, expected.ResponseId), (actual.Verdict, actual.Suggestion, actual.ResponseId));
        Assert.Equal(expected.Issues, actual.Issues);
        Assert.Equal(messages, AddressAdvice.Messages(actual).Select(message => $"{message.Code} {message.Pointer}: {message.Text}"));
    }

    private static void Same(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected} but sent {actual}");
}
