using System.Net;
using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Tests.Taxes;

public sealed class TaxJarTaxesTests : TaxProviderContract
{
    private const string Taken = """{ "status": 422, "error": "Unprocessable Entity", "detail": "Provider tranx already imported for your user account" }""";

    protected override string Provider => "TaxJar";

    protected override string HappyBody => """{ "tax": { "amount_to_collect": 3.37, "rate": 0.083, "has_nexus": true, "freight_taxable": false, "taxable_amount": 40.5 } }""";

    protected override (HttpStatusCode Status, string Body) WrongKey =>
        (HttpStatusCode.Unauthorized, """{ "status": 401, "error": "Unauthorized", "detail": "Not authorized for route 'POST /v2/taxes'" }""");

    protected override void Taxes() => Fake.Answers(HttpStatusCode.OK, HappyBody);

    protected override void CollectsNothing() =>
        Fake.Answers(HttpStatusCode.OK, """{ "tax": { "amount_to_collect": 0.0, "rate": 0.0, "has_nexus": false, "tax_source": null } }""");

    protected override void RefusesTheAddress() => Fake.Answers(
        HttpStatusCode.BadRequest,
        """{ "status": 400, "error": "Bad Request", "detail": "to_zip 99999 is not used within to_state IL" }""");

    protected override void TakesTheOrder() => Fake.Answers(HttpStatusCode.Created, """{ "order": { "transaction_id": "ord_1", "sales_tax": "3.37" } }""");

    protected override void HasTheOrder(string tax) => Fake.Answers(request => request.Method == HttpMethod.Post
        ? (HttpStatusCode.UnprocessableEntity, Taken)
        : (HttpStatusCode.OK, $$"""{ "order": { "transaction_id": "ord_1", "sales_tax": "{{tax}}" } }"""));

    protected override void TakesTheRefund() => Refunds(HttpStatusCode.Created, "0.67");

    protected override void HasTheRefund(string tax) => Refunds(HttpStatusCode.UnprocessableEntity, tax);

    protected override void HasNoOrder() => Fake.Answers(HttpStatusCode.NotFound, """{ "status": 404, "detail": "Resource can not be found" }""");

    [Fact]
    public async Task Its_breakdown_gives_the_rate_of_each_category()
    {
        Fake.Answers(HttpStatusCode.OK, """
            { "tax": { "amount_to_collect": 3.37, "has_nexus": true, "freight_taxable": false, "breakdown": { "line_items": [
                { "id": "2", "taxable_amount": 18.0, "combined_tax_rate": 0.0825, "tax_collectable": 1.49 },
                { "id": 1, "taxable_amount": 22.5, "combined_tax_rate": 0.01, "tax_collectable": 0.23 },
                { "id": "mine", "taxable_amount": 1.0, "combined_tax_rate": 1, "tax_collectable": 1 } ] } } }
            """);
        Assert.Equal([new("", 0.0825m), new("40030", 0.01m), new(TaxRate.Shipping, 0)], await Rates());

        Fake.Answers(HttpStatusCode.OK, """
            { "tax": { "amount_to_collect": 3.37, "has_nexus": true, "freight_taxable": true, "breakdown": {
                "shipping": { "taxable_amount": 10.0, "combined_tax_rate": 0.0825, "tax_collectable": 0.83 },
                "line_items": [ { "id": "1", "taxable_amount": 22.5, "combined_tax_rate": 0.01, "tax_collectable": 2.25 } ] } } }
            """);
        Assert.Equal([new("40030", 0.1m), new(TaxRate.Shipping, 0.0825m)], await Rates());

        CollectsNothing();
        Assert.Equal([new("40030", 0), new("", 0), new(TaxRate.Shipping, 0)], await Rates());
    }

    [Fact]
    public async Task It_is_asked_in_its_own_words()
    {
        Taxes();
        await Calculate();
        var request = Fake.Requests.Single();
        Assert.Equal("https://provider.test/base/v2/taxes", request.Uri.AbsoluteUri);
        Assert.Equal($"Bearer {Key}", request.Headers["Authorization"]);
        Assert.Equal("2020-08-07", request.Headers["x-api-version"]);
        Same("""
            { "from_country": "US", "from_zip": "94107", "from_state": "CA", "from_city": "San Francisco", "from_street": "388 Townsend St",
              "to_country": "US", "to_zip": "62701", "to_state": "IL", "to_city": "Springfield", "to_street": "12 Analytical Rd, Apt 7",
              "shipping": 10,
              "line_items": [
                { "id": "1", "quantity": 2, "product_tax_code": "40030", "unit_price": 12.5, "discount": 2.5 },
                { "id": "2", "quantity": 1, "unit_price": 18, "discount": 0 } ] }
            """,
            request.Json);
    }

    [Fact]
    public async Task An_order_is_recorded_with_its_net_amount_and_shipping()
    {
        TakesTheOrder();
        await Record();
        var request = Fake.Requests.Single();
        Assert.Equal("https://provider.test/base/v2/transactions/orders", request.Uri.AbsoluteUri);
        Same("""
            { "transaction_id": "ord_1", "transaction_date": "2030-05-06T05:08:09Z",
              "from_country": "US", "from_zip": "94107", "from_state": "CA", "from_city": "San Francisco", "from_street": "388 Townsend St",
              "to_country": "US", "to_zip": "62701", "to_state": "IL", "to_city": "Springfield", "to_street": "12 Analytical Rd, Apt 7",
              "amount": 50.5, "shipping": 10, "sales_tax": 3.37,
              "line_items": [
                { "id": "1", "quantity": 2, "product_identifier": "TEA-100", "description": "Assam tea", "product_tax_code": "40030", "unit_price": 12.5, "discount": 2.5 },
                { "id": "2", "quantity": 1, "product_identifier": "MUG-001", "description": "Mug", "unit_price": 18, "discount": 0 } ] }
            """,
            request.Json);
    }

    [Fact]
    public async Task A_refund_is_spread_over_the_order_as_it_was_recorded()
    {
        TakesTheRefund();
        await Refund();
        Assert.Equal(["/base/v2/transactions/orders/ord_1", "/base/v2/transactions/refunds"], Fake.Requests.Select(request => request.Uri.AbsolutePath));
        Same("""
            { "transaction_id": "ref_1", "transaction_reference_id": "ord_1", "transaction_date": "2030-05-06T05:08:09Z",
              "from_country": "US", "to_country": "US", "to_zip": "62701", "to_state": "IL", "to_city": "SPRINGFIELD", "to_street": "12 Analytical Rd",
              "amount": -10.1, "shipping": -2, "sales_tax": -0.67,
              "line_items": [
                { "id": "1", "quantity": 1, "product_identifier": "TEA-100", "product_tax_code": "40030", "unit_price": -4.5 },
                { "id": "2", "quantity": 1, "product_identifier": "MUG-001", "unit_price": -3.6 } ] }
            """,
            Fake.Requests[1].Json);
    }

    [RecordedFact]
    public async Task Recorded_refund_create()
    {
        var recording = Recordings.Read("taxjar", "refund_create");
        var order = Recordings.Read("taxjar", "order_show").GetProperty("response").GetProperty("json").GetRawText();
        var refund = recording.GetProperty("response").GetProperty("json").GetRawText();
        Fake.Answers(request => request.Method == HttpMethod.Get ? (HttpStatusCode.OK, order) : (HttpStatusCode.Created, refund));
        await Recorder.RecordRefund(new("R925733488-REFUND", "R925733488", Time.GetUtcNow(), "USD", 4356, 356), CancellationToken.None);
        var sent = Fake.Requests[1].Json;
        AssertNames(recording.GetProperty("request").GetProperty("json"), sent, except: []);
        AssertNames(recording.GetProperty("request").GetProperty("json").GetProperty("line_items")[0], sent.GetProperty("line_items")[0], except: ["sales_tax", "discount"]);
        Assert.Equal((-40m, -3.56m), (sent.GetProperty("amount").GetDecimal(), sent.GetProperty("sales_tax").GetDecimal()));

        Fake.Answers(request => request.Method == HttpMethod.Post ? (HttpStatusCode.UnprocessableEntity, Taken)
            : (HttpStatusCode.OK, request.RequestUri!.AbsolutePath.Contains("refunds", StringComparison.Ordinal) ? refund : order));
        await Recorder.RecordRefund(new("R925733488-REFUND", "R925733488", Time.GetUtcNow(), "USD", 4356, 356), CancellationToken.None);
    }

    [Fact]
    public async Task A_422_for_another_reason_is_a_fault()
    {
        Fake.Answers(request => request.Method == HttpMethod.Post
            ? (HttpStatusCode.UnprocessableEntity, """{ "status": 422, "detail": "transaction_date is invalid" }""")
            : (HttpStatusCode.NotFound, """{ "status": 404, "detail": "Resource can not be found" }"""));
        Assert.Contains("transaction_date is invalid", (await Assert.ThrowsAsync<ProviderException>(Record)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_400_that_is_our_mistake_is_a_fault()
    {
        Fake.Answers(HttpStatusCode.BadRequest, """{ "status": 400, "error": "Bad Request", "detail": "No shipping, required when line_items are given" }""");
        await Assert.ThrowsAsync<ProviderException>(() => Calculate());
    }

    [RecordedFact]
    public Task Recorded_taxes_ca() => Replays("taxes_ca", 155);

    [RecordedFact]
    public Task Recorded_taxes_ny() => Replays("taxes_ny", 976);

    [RecordedFact]
    public Task Recorded_taxes_texas_origin() => Replays("taxes_texas_origin", 78);

    [RecordedFact]
    public Task Recorded_taxes_two_lines() => Replays("taxes_two_lines", 355);

    [RecordedFact]
    public Task Recorded_sdk_taxes() => Replays("sdk_taxes", 116);

    [RecordedFact]
    public Task Recorded_sdk_taxes_canada() => Replays("sdk_taxes_canada", 350);

    [RecordedFact]
    public Task Recorded_sdk_taxes_international() => Replays("sdk_taxes_international", 647);

    [RecordedFact]
    public Task Recorded_doc_canada() => Replays("doc_canada", 215);

    [RecordedFact]
    public Task Recorded_doc_shipping_exemption_ma() => Replays("doc_shipping_exemption_ma", 94);

    [RecordedFact]
    public async Task Recorded_error_zip_state_400()
    {
        Fake.Replays(Recordings.Read("taxjar", "error_zip_state_400"));
        var quote = await Calculate();
        Assert.Equal((0, "to_zip 99999 is not used within to_state NY"), (quote.Amount, quote.Refusal));
    }

    [RecordedFact]
    public async Task Recorded_error_unauthorized_401()
    {
        Fake.Replays(Recordings.Read("taxjar", "error_unauthorized_401"));
        Assert.Contains("answered 401", (await Assert.ThrowsAsync<ProviderException>(() => Calculate())).Message, StringComparison.Ordinal);
    }

    [RecordedFact]
    public async Task Recorded_order_create()
    {
        var recording = Recordings.Read("taxjar", "order_create");
        Fake.Replays(recording);
        await Record();
        // The recorded shop sent its customer's id and each line's tax, which we don't have.
        AssertNames(recording.GetProperty("request").GetProperty("json"), Fake.Requests.Single().Json, except: ["customer_id"]);
        AssertNames(
            recording.GetProperty("request").GetProperty("json").GetProperty("line_items")[0],
            Fake.Requests.Single().Json.GetProperty("line_items")[0],
            except: ["sales_tax"]);
    }

    [RecordedFact]
    public async Task Recorded_order_show_confirms_that_it_is_recorded()
    {
        var shown = Recordings.Read("taxjar", "order_show").GetProperty("response").GetProperty("json").GetRawText();
        Fake.Answers(request => request.Method == HttpMethod.Post ? (HttpStatusCode.UnprocessableEntity, Taken) : (HttpStatusCode.OK, shown));
        var document = new TaxDocument("R925733488", Time.GetUtcNow(), new("USD", To, To, 0, Lines), 356);
        await Recorder.Record(document, CancellationToken.None);
        Assert.Equal("/base/v2/transactions/orders/R925733488", Fake.Requests[1].Uri.AbsolutePath);
        await Assert.ThrowsAsync<ProviderException>(() => Recorder.Record(document with { Tax = 355 }, CancellationToken.None));
    }

    private async Task<IReadOnlyList<TaxRate>> Rates() =>
        (await Recorder.Calculate(new("USD", To, To, 1000, Lines), CancellationToken.None)).Rates.OrderBy(rate => rate.Category == TaxRate.Shipping).ToList();

    private void Refunds(HttpStatusCode posted, string tax) => Fake.Answers(request => request switch
    {
        { Method.Method: "POST" } => (posted, posted == HttpStatusCode.Created ? """{ "refund": { } }""" : Taken),
        _ when request.RequestUri!.AbsolutePath.EndsWith("/ord_1", StringComparison.Ordinal) => (HttpStatusCode.OK, """
            { "order": { "transaction_id": "ord_1", "amount": "50.5", "shipping": "10.0", "sales_tax": "3.37", "from_country": "US", "from_zip": null,
              "to_country": "US", "to_zip": "62701", "to_state": "IL", "to_city": "SPRINGFIELD", "to_street": "12 Analytical Rd",
              "line_items": [
                { "id": 0, "quantity": 2, "unit_price": "12.5", "discount": "2.5", "product_identifier": "TEA-100", "product_tax_code": "40030" },
                { "id": 1, "quantity": 1, "unit_price": "18.0", "discount": "0.0", "product_identifier": "MUG-001", "product_tax_code": null } ] } }
            """),
        _ => (HttpStatusCode.OK, $$"""{ "refund": { "transaction_id": "ref_1", "transaction_reference_id": "ord_1", "amount": "-10.1", "sales_tax": "-{{tax}}" } }"""),
    });

    private async Task Replays(string fixture, long tax)
    {
        var recording = Recordings.Read("taxjar", fixture);
        Fake.Replays(recording);
        var quote = await Calculate();
        Assert.Equal((tax, null), (quote.Amount, quote.Refusal));
        if (recording.TryGetProperty("request", out var request) && request.GetProperty("json").TryGetProperty("line_items", out _))
            AssertNames(request.GetProperty("json"), Fake.Requests.Single().Json, except: ["customer_id", "amount", "nexus_addresses"]);
    }

    /// <summary>What the recorded request named, ours names too.</summary>
    private static void AssertNames(JsonElement recorded, JsonElement sent, string[] except) =>
        Assert.Empty(Names(recorded).Except(Names(sent)).Except(except));

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    private static void Same(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected} but sent {actual}");
}
