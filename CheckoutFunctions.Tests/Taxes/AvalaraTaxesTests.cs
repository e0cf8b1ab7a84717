using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Tests.Taxes;

public sealed class AvalaraTaxesTests : TaxProviderContract
{
    private const string Taken = """{ "error": { "code": "GetTaxError", "message": "Refused.", "details": [{ "code": "DocStatusError", "number": 300, "message": "Committed." }] } }""";

    private const string NotThere = """{ "error": { "code": "EntityNotFoundError", "message": "None.", "target": "HttpRequest" } }""";

    protected override string Provider => "Avalara";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Taxes:Providers"] = "Avalara",
        ["Avalara:LicenseKey"] = Key,
        ["Avalara:AccountId"] = "2000012345",
        ["Avalara:CompanyCode"] = "TEA",
        ["Avalara:TaxCodes:40030"] = "PF050099",
    };

    protected override string HappyBody => """
        { "id": 0, "status": "Temporary", "totalTax": 3.37, "totalTaxCalculated": 3.37, "lines": [
            { "lineNumber": "1", "lineAmount": 22.5, "tax": 0.23, "details": [ { "rate": 0.01, "taxableAmount": 22.5 } ] },
            { "lineNumber": "2", "lineAmount": 18.0, "tax": 1.49, "details": [ { "rate": 0.0625, "taxableAmount": 18.0 }, { "rate": 0.02, "taxableAmount": 18.0 } ] },
            { "lineNumber": "shipping", "lineAmount": 10.0, "tax": 0.28, "details": [ { "rate": 0.28, "taxableAmount": 10.0 } ] } ] }
        """;

    protected override (HttpStatusCode Status, string Body) WrongKey =>
        (HttpStatusCode.Unauthorized, """{ "error": { "code": "AuthenticationException", "message": "BadRequest" } }""");

    protected override void Taxes() => Fake.Answers(HttpStatusCode.Created, HappyBody);

    protected override void CollectsNothing() => Fake.Answers(HttpStatusCode.Created, """{ "totalTax": 0.0, "lines": [] }""");

    protected override void RefusesTheAddress() =>
        Refuses("""{ "code": "GetTaxError", "number": 300, "message": "No tax.", "description": "Zip 99999 isn't valid for that state." }""");

    protected override void TakesTheOrder() => Fake.Answers(HttpStatusCode.Created, """{ "code": "ord_1", "status": "Committed", "totalTax": 3.37 }""");

    protected override void HasTheOrder(string tax) => Fake.Answers(request => request.Method == HttpMethod.Post
        ? (HttpStatusCode.BadRequest, Taken)
        : (HttpStatusCode.OK, Order(tax)));

    protected override void TakesTheRefund() => Refunds((HttpStatusCode.Created, """{ "code": "ref_1", "status": "Committed", "totalTax": -0.67 }"""), "0.67");

    protected override void HasTheRefund(string tax) => Refunds((HttpStatusCode.BadRequest, Taken), tax);

    protected override void HasNoOrder() => Fake.Answers(HttpStatusCode.NotFound, NotThere);

    [Fact]
    public async Task It_is_asked_in_its_own_words()
    {
        Taxes();
        await Calculate();
        var request = Fake.Requests.Single();
        Assert.Equal("https://provider.test/base/api/v2/transactions/create", request.Uri.AbsoluteUri);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"2000012345:{Key}")), request.Headers["Authorization"]);
        Assert.NotEmpty(request.Headers["X-Avalara-Client"]);
        Same($$"""
            { "type": "SalesOrder", "companyCode": "TEA", "date": "{{Time.GetUtcNow():yyyy-MM-dd}}", "customerCode": "guest", "currencyCode": "USD", "commit": false,
              "addresses": {
                "shipFrom": { "line1": "388 Townsend St", "city": "San Francisco", "region": "CA", "country": "US", "postalCode": "94107" },
                "shipTo": { "line1": "12 Analytical Rd", "line2": "Apt 7", "city": "Springfield", "region": "IL", "country": "US", "postalCode": "62701" } },
              "lines": [
                { "number": "1", "quantity": 2, "amount": 22.5, "taxCode": "PF050099", "itemCode": "TEA-100", "description": "Assam tea" },
                { "number": "2", "quantity": 1, "amount": 18, "itemCode": "MUG-001", "description": "Mug" },
                { "number": "shipping", "quantity": 1, "amount": 10, "taxCode": "FR", "description": "Shipping" } ] }
            """,
            request.Json);
    }

    [Fact]
    public async Task An_order_is_recorded_committed_with_the_tax_that_the_buyer_paid()
    {
        TakesTheOrder();
        await Record();
        var sent = Fake.Requests.Single().Json;
        Assert.Equal(("SalesInvoice", "ord_1", "2030-05-06", true), (sent.Text("type"), sent.Text("code"), sent.Text("date"), sent.GetProperty("commit").GetBoolean()));
        Same("""{ "type": "TaxAmount", "taxAmount": 3.37, "reason": "Tax as the buyer paid it" }""", sent.GetProperty("taxOverride"));
        Assert.Equal(3, sent.GetProperty("lines").GetArrayLength());
    }

    [Fact]
    public async Task An_order_that_is_there_is_looked_up_as_a_sale()
    {
        HasTheOrder("3.37");
        await Record();
        Assert.Equal("/base/api/v2/companies/TEA/transactions/ord_1?documentType=SalesInvoice", Fake.Requests[1].Uri.PathAndQuery);
    }

    [Theory]
    [InlineData("Saved", 50.5, true)]
    [InlineData("Cancelled", 50.5, true)]
    [InlineData("Committed", 50.6, true)]
    [InlineData("Committed", 50.5, false)]
    public async Task Another_document_under_the_orders_code_is_a_fault(string status, decimal amount, bool asked)
    {
        Fake.Answers(request => request.Method == HttpMethod.Post ? (HttpStatusCode.BadRequest, Taken) : (HttpStatusCode.OK, string.Create(CultureInfo.InvariantCulture, $$"""
            { "code": "ord_1", "status": "{{status}}", "totalAmount": {{amount}}, "totalTax": {{(asked ? 3.37 : 3.3)}}, "taxOverrideType": "{{(asked ? "TaxAmount" : "None")}}", "taxOverrideAmount": 3.37 }
            """)));
        await Assert.ThrowsAsync<ProviderException>(Record);
    }

    [Fact]
    public async Task An_override_that_AvaTax_could_not_do_stands_and_operators_learn_of_it()
    {
        Fake.Answers(HttpStatusCode.Created, """{ "code": "ord_1", "status": "Committed", "totalTax": 3.30 }""");
        await Record();
        Assert.Contains(Logged, line => line.Contains("a tax of 3.30 USD, not the 3.37", StringComparison.Ordinal));

        // Asked again, it's still the document that we asked for.
        Fake.Answers(request => request.Method == HttpMethod.Post
            ? (HttpStatusCode.BadRequest, Taken)
            : (HttpStatusCode.OK, """{ "code": "ord_1", "status": "Committed", "totalAmount": 50.5, "totalTax": 3.30, "taxOverrideType": "TaxAmount", "taxOverrideAmount": 3.37 }"""));
        await Record();
    }

    [Fact]
    public async Task A_document_that_is_only_saved_is_a_fault()
    {
        Fake.Answers(HttpStatusCode.Created, """{ "code": "ord_1", "status": "Saved", "totalTax": 3.37 }""");
        Assert.Contains("kept as Saved", (await Assert.ThrowsAsync<ProviderException>(Record)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refund_is_a_return_spread_over_the_order_as_it_was_recorded()
    {
        TakesTheRefund();
        await Refund();
        Assert.Equal(HttpMethod.Get, Fake.Requests[0].Method);
        Same("""
            { "type": "ReturnInvoice", "code": "ref_1", "companyCode": "TEA", "date": "2030-05-06", "customerCode": "guest", "currencyCode": "USD", "commit": true, "referenceCode": "ord_1",
              "addresses": {
                "shipFrom": { "line1": "388 Townsend St", "city": "San Francisco", "region": "CA", "country": "US", "postalCode": "94107" },
                "shipTo": { "line1": "12 Analytical Rd", "city": "Springfield", "region": "IL", "country": "US", "postalCode": "62701-1234" } },
              "taxOverride": { "type": "TaxAmount", "taxAmount": -0.67, "reason": "Return", "taxDate": "2030-05-01" },
              "lines": [
                { "number": "1", "quantity": 1, "amount": -4.5, "taxCode": "PF050099", "itemCode": "TEA-100", "description": "Assam tea" },
                { "number": "2", "quantity": 1, "amount": -3.6, "taxCode": "P0000000", "itemCode": "MUG-001", "description": "Mug" },
                { "number": "shipping", "quantity": 1, "amount": -2, "taxCode": "FR" } ] }
            """,
            Fake.Requests[1].Json);
    }

    [Fact]
    public async Task A_refund_of_an_order_that_was_voided_is_a_fault()
    {
        Fake.Answers(HttpStatusCode.OK, Order("3.37", "Cancelled"));
        Assert.Contains("ord_1 is Cancelled", (await Assert.ThrowsAsync<ProviderException>(Refund)).Message, StringComparison.Ordinal);
        Assert.Single(Fake.Requests);
    }

    [Theory]
    [InlineData("""{ "code": "InvalidAddress", "description": "The address value ShipTo was incomplete." }""", "The address value ShipTo was incomplete.")]
    [InlineData("""{ "code": "InvalidPostalCode", "message": "No such code." }""", "No such code.")]
    [InlineData("""{ "code": "JurisdictionNotFoundError", "message": "No jurisdiction.", "description": "" }""", "No jurisdiction.")]
    [InlineData("""{ "code": "InvalidAddress", "description": "The address value ShipFrom was incomplete." }""", null)]
    [InlineData("""{ "code": "InvalidAddress", "message": "Incomplete.", "refersTo": "addresses.shipFrom" }""", null)]
    [InlineData("""{ "code": "GetTaxError", "message": "The company has no nexus." }""", null)]
    [InlineData("""{ "code": "MissingLine", "message": "No line." }""", null)]
    public async Task Only_the_buyers_address_is_refused_and_all_else_is_a_fault(string detail, string? refusal)
    {
        Refuses(detail);
        if (refusal is null)
            await Assert.ThrowsAsync<ProviderException>(() => Calculate());
        else
            Assert.Equal((0, refusal), (await Calculate() is var quote ? quote.Amount : 1, quote.Refusal));
    }

    [Fact]
    public async Task Its_details_give_the_rate_of_each_category_and_a_flat_fee_counts_as_it_was_charged()
    {
        Taxes();
        var answer = await Recorder.Calculate(new("USD", To, To, 1000, Lines), CancellationToken.None);
        Assert.Equal([new("40030", 0.01m), new("", 0.0825m), new(TaxRate.Shipping, 0.028m)], answer.Rates);
    }

    [Fact]
    public async Task A_text_that_is_too_long_for_its_field_is_cut()
    {
        Taxes();
        await Recorder.Calculate(
            new("USD", To, To with { Line1 = new string('x', 101), City = new string('y', 51), Zip = "62701-1234-99" }, 0, [new(new string('s', 51), "Tea", 1, 100, 0, "99")]),
            CancellationToken.None);
        var sent = Fake.Requests.Single().Json;
        var to = sent.GetProperty("addresses").GetProperty("shipTo");
        Assert.Equal((100, 50, 11), (to.Text("line1").Length, to.Text("city").Length, to.Text("postalCode").Length));
        var line = Assert.Single(sent.GetProperty("lines").EnumerateArray());
        Assert.Equal((50, false), (line.Text("itemCode").Length, line.TryGetProperty("taxCode", out _)));
    }

    [RecordedFact]
    public Task Recorded_create_salesorder() => Replays("create_salesorder", 80);

    [RecordedFact]
    public Task Recorded_create_salesorder_multi() => Replays("create_salesorder_multi", 400);

    [RecordedFact]
    public Task Recorded_create_salesorder_shipping() => Replays("create_salesorder_shipping", 120);

    [RecordedFact]
    public Task Recorded_create_salesorder_tax_included() => Replays("create_salesorder_tax_included", 74);

    [RecordedFact]
    public Task Recorded_createoradjust_estimate() => Replays("createoradjust_estimate", 920);

    [RecordedFact]
    public async Task Recorded_create_salesinvoice_committed()
    {
        var recording = Recordings.Read("avalara", "create_salesinvoice_committed");
        Fake.Replays(recording);
        await Recorder.Record(Recorded("R604109536", 880), CancellationToken.None);
        Assert.DoesNotContain(Logged, line => line.Contains("changed hands", StringComparison.Ordinal));
        // The recorded shop sent what it repeats (order number) or leaves empty (discount).
        AssertNames(recording.GetProperty("request").GetProperty("json"), Fake.Requests.Single().Json, except: ["referenceCode", "discount", "purchaseOrderNo"]);
        AssertNames(
            recording.GetProperty("request").GetProperty("json").GetProperty("lines")[0],
            Fake.Requests.Single().Json.GetProperty("lines")[0],
            except: ["discounted", "addresses", "taxIncluded"]);
    }

    [RecordedFact]
    public async Task Recorded_committed_sales_confirm_that_they_are_recorded()
    {
        foreach (var fixture in new[] { "adjust_1_create", "adjust_2_adjust", "refund_1_create", "void_1_create" })
        {
            var sale = Recordings.Read("avalara", fixture).GetProperty("response").GetProperty("json");
            Fake.Answers(request => request.Method == HttpMethod.Post ? (HttpStatusCode.BadRequest, Taken) : (HttpStatusCode.OK, sale.GetRawText()));
            await Recorder.Record(Recorded(sale.Text("code"), 880), CancellationToken.None);
            await Assert.ThrowsAsync<ProviderException>(() => Recorder.Record(Recorded(sale.Text("code"), 879), CancellationToken.None));
        }
    }

    [RecordedFact]
    public async Task Recorded_sales_that_are_saved_or_voided_are_not_taken_for_recorded()
    {
        foreach (var (fixture, cents) in new[] { ("get_by_code", 80), ("createoradjust_salesinvoice_saved", 877), ("void_2_void", 880) })
        {
            var sale = Recordings.Read("avalara", fixture).GetProperty("response").GetProperty("json");
            Fake.Answers(request => request.Method == HttpMethod.Post ? (HttpStatusCode.BadRequest, Taken) : (HttpStatusCode.OK, sale.GetRawText()));
            await Assert.ThrowsAsync<ProviderException>(() => Recorder.Record(Recorded(sale.Text("code"), cents), CancellationToken.None));
        }
    }

    [RecordedFact]
    public async Task Recorded_refund_2_refund()
    {
        var order = Recordings.Read("avalara", "refund_1_create").GetProperty("response").GetProperty("json").GetRawText();
        var refund = Recordings.Read("avalara", "refund_2_refund").GetProperty("response").GetProperty("json").GetRawText();
        Fake.Answers(request => request.Method == HttpMethod.Get ? (HttpStatusCode.OK, order) : (HttpStatusCode.Created, refund));
        var given = new TaxRefund("REFUND7482-1", "REFUND7482", Time.GetUtcNow(), "USD", 11880, 880);
        await Recorder.RecordRefund(given, CancellationToken.None);
        var lines = Fake.Requests[1].Json.GetProperty("lines").EnumerateArray().ToList();
        Assert.Equal([-10m, -100m], lines.Select(line => line.GetProperty("amount").GetDecimal()));
        Assert.DoesNotContain(Logged, line => line.Contains("changed hands", StringComparison.Ordinal));

        Fake.Answers(request => request.Method == HttpMethod.Post ? (HttpStatusCode.BadRequest, Taken)
            : (HttpStatusCode.OK, request.RequestUri!.Query.Contains("ReturnInvoice", StringComparison.Ordinal) ? refund : order));
        await Recorder.RecordRefund(given, CancellationToken.None);
        await Assert.ThrowsAsync<ProviderException>(() => Recorder.RecordRefund(given with { Tax = 879 }, CancellationToken.None));
    }

    [RecordedFact]
    public async Task Recorded_errors_are_faults_and_say_what_was_answered()
    {
        foreach (var (fixture, status) in new[] { ("error_auth_401_minimal", 401), ("error_forced_timeout_400", 400), ("error_missing_line_400", 400), ("error_not_found_404", 404) })
        {
            Fake.Replays(Recordings.Read("avalara", fixture));
            Assert.Contains($"answered {status}", (await Assert.ThrowsAsync<ProviderException>(() => Calculate())).Message, StringComparison.Ordinal);
        }
    }

    private static TaxDocument Recorded(string code, long tax) =>
        new(code, DateTimeOffset.UnixEpoch, new("USD", To, To, 10000, [new("SKU-6", "Product", 1, 1000, 0, "P0000000")]), tax);

    private static string Order(string tax, string status = "Committed") => $$"""
        { "code": "ord_1", "status": "{{status}}", "date": "2030-05-01", "totalAmount": 50.5, "totalTax": {{tax}}, "taxOverrideType": "TaxAmount", "taxOverrideAmount": {{tax}},
          "originAddressId": 7, "destinationAddressId": 8,
          "addresses": [
            { "id": 8, "line1": "12 Analytical Rd", "line2": "", "city": "Springfield", "region": "IL", "country": "US", "postalCode": "62701-1234" },
            { "id": 7, "line1": "388 Townsend St", "line2": "", "city": "San Francisco", "region": "CA", "country": "US", "postalCode": "94107" } ],
          "lines": [
            { "lineNumber": "1", "lineAmount": 22.5, "tax": 1, "taxCode": "PF050099", "itemCode": "TEA-100", "description": "Assam tea" },
            { "lineNumber": "2", "lineAmount": 18.0, "tax": 1, "taxCode": "P0000000", "itemCode": "MUG-001", "description": "Mug" },
            { "lineNumber": "shipping", "lineAmount": 10.0, "tax": 1, "taxCode": "FR" } ] }
        """;

    private void Refuses(string detail) => Fake.Answers(HttpStatusCode.BadRequest, $$"""
        { "error": { "code": {{JsonElement.Parse(detail).GetProperty("code").GetRawText()}}, "message": "Refused.", "details": [ {{detail}} ] } }
        """);

    private void Refunds((HttpStatusCode Status, string Body) posted, string tax) => Fake.Answers(request => request switch
    {
        { Method.Method: "POST" } => posted,
        _ when request.RequestUri!.AbsolutePath.EndsWith("/ord_1", StringComparison.Ordinal) => (HttpStatusCode.OK, Order("3.37")),
        _ => (HttpStatusCode.OK, $$"""{ "code": "ref_1", "status": "Committed", "referenceCode": "ord_1", "totalAmount": -10.10, "totalTax": -{{tax}} }"""),
    });

    private async Task Replays(string fixture, long tax)
    {
        Fake.Replays(Recordings.Read("avalara", fixture));
        var quote = await Calculate();
        Assert.Equal((tax, null), (quote.Amount, quote.Refusal));
    }

    /// <summary>What the recorded request named, ours names too.</summary>
    private static void AssertNames(JsonElement recorded, JsonElement sent, string[] except) =>
        Assert.Empty(Names(recorded).Except(Names(sent)).Except(except));

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    private static void Same(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected} but sent {actual}");
}

internal static class JsonTexts
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
