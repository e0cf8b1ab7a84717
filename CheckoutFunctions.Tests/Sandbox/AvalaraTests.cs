using System.Text.Json.Nodes;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class AvalaraTests : IAsyncLifetime
{
    private const string Company = "companies/TEA/transactions";

    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Theory]
    [InlineData("CA", "90210", 2.38, 25)]
    [InlineData("NY", "10118", 3.11, 35)]
    [InlineData("TX", "78701", 2.89, 35)]
    [InlineData("OR", "97204", 0, 0)]
    public async Task An_estimate_has_the_states_rate_and_some_tax_freight(string state, string zip, decimal tax, decimal taxable)
    {
        var quote = await Create(Transaction("SalesOrder", to: Place(state, zip)));
        Assert.Equal((201, "Temporary", 0), (quote.Status, quote.Text("status"), quote.Number("id")));
        Assert.Equal((tax, tax, 35m), (quote.At("totalTax").GetDecimal(), quote.At("totalTaxCalculated").GetDecimal(), quote.At("totalAmount").GetDecimal()));
        Assert.Equal(taxable, taxable == 0 ? 0 : quote.At("totalTaxable").GetDecimal());
        Assert.Equal(["1", "shipping"], quote.At("lines").EnumerateArray().Select(line => line.GetProperty("lineNumber").GetString()));
        Assert.Empty((await providers.Ledger()).GetProperty("tax_documents").EnumerateArray());
    }

    [Fact]
    public async Task Abroad_and_for_untaxed_codes_there_is_no_tax()
    {
        Assert.Equal(0m, (await Create(Transaction("SalesOrder", to: new { line1 = "Unter den Linden 1", city = "Berlin", country = "DE", postalCode = "10117" }))).At("totalTax").GetDecimal());
        var untaxed = Transaction("SalesOrder");
        untaxed["lines"]![0]!["taxCode"] = "NT";
        Assert.Equal(0m, (await Create(untaxed)).At("totalTax").GetDecimal());
    }

    [Fact]
    public async Task A_committed_code_is_taken_and_shown_with_its_places()
    {
        var created = await Create(Transaction("SalesInvoice", "ord_1"));
        Assert.Equal((201, "Committed"), (created.Status, created.Text("status")));
        var again = await Create(Transaction("SalesInvoice", "ord_1"));
        Assert.Equal((400, "GetTaxError", "DocStatusError"), (again.Status, again.Text("error.code"), again.At("error.details")[0].GetProperty("code").GetString()));

        var shown = await providers.Avalara(HttpMethod.Get, $"{Company}/ord_1?documentType=SalesInvoice");
        Assert.Equal(created.Body, shown.Body);
        var origin = shown.At("addresses").EnumerateArray().Single(address => address.GetProperty("id").GetInt64() == shown.Number("originAddressId"));
        Assert.Equal("94107", origin.GetProperty("postalCode").GetString());
        var document = Assert.Single((await providers.Ledger()).GetProperty("tax_documents").EnumerateArray());
        Assert.Equal("""{"provider":"avalara","id":"ord_1","amount":3500,"tax":238,"state":"committed"}""", document.GetRawText());
    }

    [Fact]
    public async Task What_is_only_saved_can_be_written_again()
    {
        var saved = Transaction("SalesInvoice", "ord_1");
        saved["commit"] = false;
        Assert.Equal("Saved", (await Create(saved)).Text("status"));
        Assert.Empty((await providers.Ledger()).GetProperty("tax_documents").EnumerateArray());
        var again = await Create(Transaction("SalesInvoice", "ord_1"));
        Assert.Equal(("Committed", 2), (again.Text("status"), again.Number("version")));
    }

    [Fact]
    public async Task An_override_stands_beside_what_was_calculated_and_is_spread_to_the_cent()
    {
        var kept = await Create(Overridden("SalesInvoice", "ord_1", 2.50m, to: Place("NY", "10118")));
        Assert.Equal((2.50m, 3.11m), (kept.At("totalTax").GetDecimal(), kept.At("totalTaxCalculated").GetDecimal()));
        Assert.Equal(("TaxAmount", 2.50m), (kept.Text("taxOverrideType"), kept.At("taxOverrideAmount").GetDecimal()));
        var lines = kept.At("lines").EnumerateArray().ToList();
        Assert.Equal(2.50m, lines.Sum(line => line.GetProperty("tax").GetDecimal()));
        Assert.All(lines, line => Assert.Equal(line.GetProperty("tax").GetDecimal(), line.GetProperty("details").EnumerateArray().Sum(part => part.GetProperty("tax").GetDecimal())));

        // Where nothing is taxable it is spread over the amounts.
        Assert.Equal(2.50m, (await Create(Overridden("SalesInvoice", "ord_2", 2.50m, to: Place("OR", "97204")))).At("totalTax").GetDecimal());
    }

    [Fact]
    public async Task A_return_is_negative()
    {
        var refund = Overridden("ReturnInvoice", "ref_1", -1.00m);
        foreach (var line in refund["lines"]!.AsArray())
            line!["amount"] = -1 * (decimal)line["amount"]!;
        refund["referenceCode"] = "ord_1";
        var created = await Create(refund);
        Assert.Equal((201, -35m, -1m, "ord_1"), (created.Status, created.At("totalAmount").GetDecimal(), created.At("totalTax").GetDecimal(), created.Text("referenceCode")));
        Assert.Equal(404, (await providers.Avalara(HttpMethod.Get, $"{Company}/ref_1?documentType=SalesInvoice")).Status);
        Assert.Equal(200, (await providers.Avalara(HttpMethod.Get, $"{Company}/ref_1")).Status);
    }

    [Fact]
    public async Task A_voided_document_is_cancelled_and_its_code_free()
    {
        await Create(Transaction("SalesInvoice", "ord_1"));
        Assert.Equal(400, (await providers.Avalara(HttpMethod.Post, $"{Company}/ord_1/void", new { code = "Unspecified" })).Status);
        Assert.Equal("Cancelled", (await providers.Avalara(HttpMethod.Post, $"{Company}/ord_1/void", new { code = "DocVoided" })).Text("status"));
        Assert.Equal("voided", (await providers.Ledger()).GetProperty("tax_documents")[0].GetProperty("state").GetString());
        Assert.Equal(400, (await providers.Avalara(HttpMethod.Post, $"{Company}/ord_1/void", new { code = "DocVoided" })).Status);
        Assert.Equal(404, (await providers.Avalara(HttpMethod.Post, $"{Company}/ord_2/void", new { code = "DocVoided" })).Status);
        Assert.Equal("Committed", (await Create(Transaction("SalesInvoice", "ord_1"))).Text("status"));
    }

    [Theory]
    [InlineData("lines", "[]", "MissingLine")]
    [InlineData("lines", "[{ \"number\": \"1\" }]", "ValueRequiredError")]
    [InlineData("lines", "[{ \"amount\": \"much\" }]", "ModelStateInvalid")]
    [InlineData("lines", "[{ \"amount\": -1 }]", "RangeError")]
    [InlineData("lines", "[{ \"amount\": 1, \"quantity\": -1 }]", "RangeError")]
    [InlineData("lines", "[{ \"amount\": 1, \"taxCode\": \"12345678901234567890123456\" }]", "StringLengthError")]
    [InlineData("lines", "[{ \"amount\": 1, \"taxIncluded\": true }]", "ModelStateInvalid")]
    [InlineData("customerCode", "null", "ValueRequiredError")]
    [InlineData("customerCode", "{}", "ModelStateInvalid")]
    [InlineData("date", "null", "ValueRequiredError")]
    [InlineData("date", "\"soon\"", "ModelStateInvalid")]
    [InlineData("type", "\"Sale\"", "InvalidEnumValue")]
    [InlineData("type", "\"PurchaseOrder\"", "ModelStateInvalid")]
    [InlineData("commit", "\"yes\"", "ModelStateInvalid")]
    [InlineData("discount", "1.0", "ModelStateInvalid")]
    [InlineData("currencyCode", "\"DOLLAR\"", "StringLengthError")]
    [InlineData("addresses", "{}", "MissingAddress")]
    [InlineData("addresses", "{ \"singleLocation\": { \"line1\": \"1 Main St\", \"country\": \"US\" } }", "InvalidAddress")]
    [InlineData("addresses", "{ \"singleLocation\": { \"region\": \"XX\", \"postalCode\": \"90210\" } }", "InvalidCountryRegion")]
    [InlineData("addresses", "{ \"singleLocation\": { \"region\": \"CA\", \"postalCode\": \"99999\" } }", "GetTaxError")]
    [InlineData("addresses", "{ \"singleLocation\": { \"postalCode\": \"90210\", \"country\": \"Utopia\" } }", "InvalidCountry")]
    [InlineData("taxOverride", "{ \"type\": \"TaxAmount\", \"reason\": \"x\" }", "ValueRequiredError")]
    [InlineData("taxOverride", "{ \"type\": \"TaxAmount\", \"taxAmount\": 1 }", "ValueRequiredError")]
    [InlineData("taxOverride", "{ \"type\": \"Gift\" }", "InvalidEnumValue")]
    public async Task A_transaction_that_is_not_as_described_is_refused(string field, string value, string code)
    {
        var transaction = Transaction("SalesInvoice", "ord_1");
        transaction[field] = JsonNode.Parse(value);
        var refused = await Create(transaction);
        Assert.Equal((400, code, "Error"), (refused.Status, refused.Text("error.code"), refused.At("error.details")[0].GetProperty("severity").GetString()));
        Assert.Empty((await providers.Ledger()).GetProperty("tax_documents").EnumerateArray());
    }

    [Fact]
    public async Task Names_in_other_cases_a_text_for_an_amount_and_unknown_fields_are_understood()
    {
        var transaction = Transaction("SalesOrder");
        transaction["Lines"] = JsonNode.Parse("""[{ "Amount": "25.00", "brandNew": true }]""");
        transaction.Remove("lines");
        Assert.Equal(2.38m, (await Create(transaction)).At("totalTax").GetDecimal());
    }

    [Fact]
    public async Task Without_an_account_or_a_known_path_nothing_is_answered()
    {
        var refused = await providers.Json(HttpMethod.Post, "/avalara/api/v2/transactions/create", null, Transaction("SalesOrder").ToJsonString());
        Assert.Equal((401, "AuthenticationException"), (refused.Status, refused.Text("error.code")));
        Assert.Equal(404, (await providers.Avalara(HttpMethod.Get, "companies")).Status);
        Assert.Equal(400, (await providers.Avalara(HttpMethod.Post, "transactions/create", "[]")).Status);
    }

    [Theory]
    [InlineData("SalesOrder", "quote")]
    [InlineData("SalesInvoice", "record")]
    [InlineData("ReturnInvoice", "refund")]
    public async Task Each_kind_of_document_has_its_faults(string type, string operation)
    {
        Assert.Equal(201, (await providers.Fault(new { provider = "avalara", operation, kind = "http_429" })).Status);
        var busy = await Create(Transaction(type, "x_1"));
        Assert.Equal((429, "1", "RateLimitExceeded"), (busy.Status, busy.Headers["Retry-After"], busy.Text("error.code")));
        Assert.Equal(1, (await providers.Ledger()).GetProperty("calls").GetProperty($"avalara.{operation}").GetInt32());
    }

    private static object Place(string region, string postalCode) => new { line1 = "1 Main St", city = "Somewhere", region, country = "US", postalCode };

    private static JsonObject Transaction(string type, string? code = null, object? to = null) => (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(new
    {
        type,
        code,
        companyCode = "TEA",
        date = "2026-01-02",
        customerCode = "guest",
        currencyCode = "USD",
        commit = true,
        addresses = new { shipFrom = new { line1 = "388 Townsend St", city = "San Francisco", region = "CA", country = "US", postalCode = "94107" }, shipTo = to ?? Place("CA", "90210") },
        lines = new object[] { new { number = "1", quantity = 2, amount = 25.0m, itemCode = "TEA-100" }, new { number = "shipping", amount = 10.0m, taxCode = "FR" } },
    })!;

    private static JsonObject Overridden(string type, string code, decimal tax, object? to = null)
    {
        var transaction = Transaction(type, code, to);
        transaction["taxOverride"] = new JsonObject { ["type"] = "TaxAmount", ["taxAmount"] = tax, ["reason"] = "As paid" };
        return transaction;
    }

    private Task<Reply> Create(JsonObject transaction) => providers.Avalara(HttpMethod.Post, "transactions/create", transaction.ToJsonString());
}
