using System.Text.Json;

namespace CheckoutFunctions.Tests.Sandbox;

/// <summary>Asks the sandbox what a recorded client asked the provider, and compares the answers.</summary>
public sealed class RecordedShapeTests : IAsyncLifetime
{
    // Made up by the provider's own settings, so that a shop can't rely on them.
    private static readonly string[] AccountOnly = ["payment_method_configuration_details", "managed_payments", "excluded_payment_method_types", "customer_account", "shared_payment_granted_token", "invoice"];

    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [RecordedFact]
    public async Task TaxJar_quotes_New_York_to_the_cent()
    {
        foreach (var fixture in new[] { "taxes_ny", "taxes_two_lines" })
        {
            var recording = Recordings.Read("taxjar", fixture);
            var expected = recording.GetProperty("response").GetProperty("json").GetProperty("tax");
            var answer = await providers.TaxJar(HttpMethod.Post, "taxes", recording.GetProperty("request").GetProperty("json").GetRawText());
            foreach (var name in new[] { "amount_to_collect", "rate", "taxable_amount", "order_total_amount", "freight_taxable", "has_nexus", "tax_source", "shipping" })
                Assert.Equal(expected.GetProperty(name).GetRawText(), answer.At($"tax.{name}").GetRawText());
            Assert.True(JsonElement.DeepEquals(expected.GetProperty("breakdown"), answer.At("tax.breakdown")), answer.Body);
        }
    }

    [RecordedFact]
    public async Task TaxJar_records_an_order_in_the_recorded_form()
    {
        var recording = Recordings.Read("taxjar", "order_create");
        var expected = recording.GetProperty("response").GetProperty("json").GetProperty("order");
        var answer = (await providers.TaxJar(HttpMethod.Post, "transactions/orders", recording.GetProperty("request").GetProperty("json").GetRawText())).At("order");
        foreach (var property in expected.EnumerateObject().Where(property => property.Name != "user_id"))
            Assert.True(JsonElement.DeepEquals(property.Value, answer.GetProperty(property.Name)), property.Name);
    }

    [RecordedFact]
    public async Task Stripes_intent_has_the_recorded_fields_and_types()
    {
        var recording = Recordings.Read("stripe", "pi_manual_1_create");
        var form = recording.GetProperty("request").GetProperty("form").EnumerateArray().ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetString()!);
        var answer = await providers.Stripe("payment_intents", form);
        foreach (var property in recording.GetProperty("response").GetProperty("json").EnumerateObject().Where(property => !AccountOnly.Contains(property.Name)))
            Assert.Equal((property.Name, property.Value.ValueKind), (property.Name, answer.At(property.Name).ValueKind));
        Assert.Equal("requires_capture", answer.Text("status"));
    }

    [RecordedFact]
    public async Task EasyPosts_shipment_has_the_recorded_fields()
    {
        var recording = Recordings.Read("easypost", "shipment_create_2026");
        var expected = recording.GetProperty("response").GetProperty("json");
        var answer = (await providers.EasyPost("v2/shipments", recording.GetProperty("request").GetProperty("json").GetRawText())).Json;
        Assert.Equal(Names(expected), Names(answer));
        Assert.Equal(Names(expected.GetProperty("rates")[0]), Names(answer.GetProperty("rates")[0]));
        Assert.Equal(Names(expected.GetProperty("messages")[0]), Names(answer.GetProperty("messages")[0]));
        Assert.Equal(Names(expected.GetProperty("to_address")), Names(answer.GetProperty("to_address")));
        var refused = Recordings.Read("easypost", "error_parameter_required");
        var refusal = await providers.EasyPost("v2/shipments", refused.GetProperty("request").GetProperty("json").GetRawText());
        Assert.True(JsonElement.DeepEquals(refused.GetProperty("response").GetProperty("json"), refusal.Json), refusal.Body);
    }

    [RecordedFact]
    public async Task Google_gives_the_recorded_verdicts()
    {
        foreach (var fixture in new[] { "us_accept_cass", "ca_no_cass", "error_invalid_argument_400" })
        {
            var recording = Recordings.Read("google-address-validation", fixture);
            var answer = await providers.Google(recording.GetProperty("request").GetProperty("json").GetRawText());
            var response = recording.GetProperty("response");
            Assert.Equal(response.GetProperty("status").GetInt32(), answer.Status);
            if (answer.Status != 200)
            {
                Assert.True(JsonElement.DeepEquals(response.GetProperty("json"), answer.Json), answer.Body);
                continue;
            }

            foreach (var property in response.GetProperty("json").GetProperty("result").GetProperty("verdict").EnumerateObject())
                Assert.Equal((property.Name, property.Value.GetRawText()), (property.Name, answer.At($"result.verdict.{property.Name}").GetRawText()));
        }
    }

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];
}
