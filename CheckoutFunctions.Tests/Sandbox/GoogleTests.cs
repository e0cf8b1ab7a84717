using System.Text.Json;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class GoogleTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Fact]
    public async Task A_plausible_address_is_accepted_with_its_standard_form()
    {
        var reply = await Verify("1 Main St", "Beverly Hills", "CA", "90210");
        Assert.Equal((200, "ACCEPT"), (reply.Status, reply.Text("result.verdict.possibleNextAction")));
        Assert.True(reply.At("result.verdict.addressComplete").GetBoolean());
        Assert.Equal("Y", reply.Text("result.uspsData.dpvConfirmation"));
        Assert.StartsWith("90210-", reply.Text("result.address.postalAddress.postalCode"));
        Assert.Equal("1 Main St", reply.At("result.address.postalAddress.addressLines")[0].GetString());
        Assert.False(reply.Has("result.verdict.hasReplacedComponents"));
        Assert.False(reply.Has("result.verdict.hasUnconfirmedComponents"));
    }

    [Theory]
    [InlineData("1 Nowhere Ln", "Beverly Hills", "CA", "90210")]
    [InlineData("1 Undeliverable St", "Beverly Hills", "CA", "90210")]
    [InlineData("1 Main St", null, "CA", null)]
    [InlineData("Main St", "Beverly Hills", "CA", "90210")]
    [InlineData("1 Main St", "Smallville", "NY", "90210")]
    public async Task What_cannot_be_delivered_must_be_fixed(string line, string? city, string state, string? zip)
    {
        var reply = await Verify(line, city, state, zip);
        Assert.Equal("FIX", reply.Text("result.verdict.possibleNextAction"));
        Assert.NotEqual("Y", reply.Text("result.uspsData.dpvConfirmation"));
        Assert.Contains(reply.Text("result.verdict.validationGranularity"), new[] { "OTHER", "ROUTE" });
    }

    [Theory]
    [InlineData("1 Main St", "Beverly Hills", "10118", "postal_code", "replaced", "90210")]
    [InlineData("1 Main St", "Beverly Hills", null, "postal_code", "inferred", "90210")]
    [InlineData("1 Main St", null, "90210", "locality", "inferred", "Beverly Hills")]
    [InlineData("1 Main Stret", "Beverly Hills", "90210", "route", "spellCorrected", "Main Street")]
    [InlineData("1 main st", "Beverly Hills", "90210", "route", "spellCorrected", "Main St")]
    public async Task What_was_put_right_is_to_be_confirmed(string line, string? city, string? zip, string type, string how, string text)
    {
        var reply = await Verify(line, city, "CA", zip);
        Assert.Equal("CONFIRM", reply.Text("result.verdict.possibleNextAction"));
        var component = reply.At("result.address.addressComponents").EnumerateArray().Single(part => part.GetProperty("componentType").GetString() == type);
        Assert.True(component.GetProperty(how).GetBoolean());
        Assert.Equal(text, component.GetProperty("componentName").GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_building_of_many_units_wants_the_unit()
    {
        var without = await Verify("100 Ocean Tower", "Miami", "FL", "33131");
        Assert.Equal("CONFIRM_ADD_SUBPREMISES", without.Text("result.verdict.possibleNextAction"));
        Assert.Equal("subpremise", without.At("result.address.missingComponentTypes")[0].GetString());
        Assert.Equal("D", without.Text("result.uspsData.dpvConfirmation"));
        Assert.Equal("ACCEPT", (await Verify("100 Ocean Tower Apt 5", "Miami", "FL", "33131")).Text("result.verdict.possibleNextAction"));
    }

    [Fact]
    public async Task Other_countries_have_no_postal_service_data()
    {
        var reply = await providers.Google(new { address = new { regionCode = "CA", addressLines = new[] { "111 Richmond St W" }, locality = "Toronto", administrativeArea = "ON", postalCode = "M5H 2G4" } });
        Assert.Equal("ACCEPT", reply.Text("result.verdict.possibleNextAction"));
        Assert.False(reply.Has("result.uspsData"));
    }

    [Theory]
    [InlineData("""{ "enableUspsCass": true }""", "Address is missing from request.")]
    [InlineData("""{ "address": { "regionCode": "ZZ", "addressLines": ["1 Main St"] } }""", "Unsupported region code: ZZ.")]
    [InlineData("""{ "address": { "regionCode": "US" } }""", "Address lines missing from request.")]
    [InlineData("""{ "address": { "regionCode": "US", "addressLines": "1 Main St" } }""", "Invalid value at 'address.address_lines' (TYPE_STRING), \"1 Main St\"")]
    [InlineData("""{ "address": { "regionCode": "US", "addressLines": ["1 Main St", 7] } }""", "Invalid value at 'address.address_lines[1]' (TYPE_STRING), 7")]
    [InlineData("""{ "address": { "regionCode": "US", "addressLines": ["1 Main St"], "postalCode": 90210 } }""", "Invalid value at 'address.postal_code' (TYPE_STRING), 90210")]
    [InlineData("""{ "address": { "regionCode": "US", "addressLines": ["1 Main St"] }, "enableUspsCass": "yes" }""", "Invalid value at 'enable_usps_cass' (TYPE_BOOL), \"yes\"")]
    [InlineData("""{ "address": { "line1": "1 Main St" } }""", "Invalid JSON payload received. Unknown name \"line1\" at 'address': Cannot find field.")]
    public async Task What_is_no_request_is_an_invalid_argument(string body, string message)
    {
        var refused = await providers.Google(body);
        Assert.Equal(JsonSerializer.Serialize(new { error = new { code = 400, message, status = "INVALID_ARGUMENT" } }), JsonSerializer.Serialize(refused.Json));
    }

    [Fact]
    public async Task Without_a_key_permission_is_denied()
    {
        var refused = await providers.Google(new { }, query: "");
        Assert.Equal((403, "PERMISSION_DENIED"), (refused.Status, refused.Text("error.status")));
    }

    private Task<Reply> Verify(string line, string? city, string state, string? zip)
    {
        var address = new Dictionary<string, object> { ["regionCode"] = "US", ["addressLines"] = new[] { line }, ["administrativeArea"] = state };
        if (city is not null)
            address["locality"] = city;
        if (zip is not null)
            address["postalCode"] = zip;
        return providers.Google(new { address, enableUspsCass = true });
    }
}
