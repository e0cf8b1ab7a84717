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
    public async Task Avalara_quotes_Philadelphia_to_the_cent_in_the_recorded_form()
    {
        foreach (var fixture in new[] { "create_salesorder", "create_salesorder_multi", "create_salesorder_shipping", "create_salesinvoice_committed" })
        {
            var recording = Recordings.Read("avalara", fixture);
            var expected = recording.GetProperty("response").GetProperty("json");
            var answer = await providers.Avalara(HttpMethod.Post, "transactions/create", recording.GetProperty("request").GetProperty("json").GetRawText());
            foreach (var name in new[] { "code", "type", "status", "totalAmount", "totalTax", "totalTaxable", "totalTaxCalculated", "currencyCode" })
                Assert.True(JsonElement.DeepEquals(expected.GetProperty(name), answer.At(name)), $"{fixture}: {name}"); // kept amounts come as 110.0000
            var line = expected.GetProperty("lines")[0];
            foreach (var name in new[] { "lineNumber", "lineAmount", "tax", "taxableAmount", "taxCode", "itemCode", "quantity" })
                Assert.True(JsonElement.DeepEquals(line.GetProperty(name), answer.At("lines")[0].GetProperty(name)), $"{fixture}: {name}");
            if (expected.GetProperty("type").GetString() != "SalesOrder")
                continue; // of kept documents AvaTax shows far more than a shop looks at
            Assert.Empty(Names(expected).Except(Names(answer.Json)));
            Assert.Empty(Names(line).Except(Names(answer.At("lines")[0])));
            Assert.Empty(Names(line.GetProperty("details")[0]).Except(Names(answer.At("lines")[0].GetProperty("details")[0])));
            Assert.Empty(Names(expected.GetProperty("summary")[0]).Except(Names(answer.At("summary")[0])));
            Assert.Empty(Names(expected.GetProperty("addresses")[0]).Except(Names(answer.At("addresses")[0])));
        }
    }

    [RecordedFact]
    public async Task Avalara_refuses_in_the_recorded_form()
    {
        foreach (var fixture in new[] { "error_missing_line_400", "error_not_found_404" })
        {
            var recording = Recordings.Read("avalara", fixture);
            var (request, expected) = (recording.GetProperty("request"), recording.GetProperty("response").GetProperty("json").GetProperty("error"));
            var path = new Uri(request.GetProperty("url").GetString()!).PathAndQuery["/api/v2/".Length..];
            var answer = await providers.Avalara(
                new(request.GetProperty("method").GetString()!), path, request.TryGetProperty("json", out var body) ? body.GetRawText() : null);
            Assert.Equal(recording.GetProperty("response").GetProperty("status").GetInt32(), answer.Status);
            Assert.Equal(Names(expected), Names(answer.At("error")));
            var (detail, ours) = (expected.GetProperty("details")[0], answer.At("error.details")[0]);
            Assert.Empty(Names(detail).Except(Names(ours)));
            foreach (var name in new[] { "code", "number", "faultCode", "severity", "helpLink" })
                Assert.Equal(detail.GetProperty(name).GetRawText(), ours.GetProperty(name).GetRawText());
        }
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
