using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Tests.Payments;

public sealed class BraintreeClientTests
{
    private static readonly Money Ten = new(1000, "USD");

    [Fact]
    public async Task A_call_carries_both_keys_and_the_version_to_Braintree_itself()
    {
        var braintree = new CannedBraintree("""{ "data": { "node": { "id": "x", "usage": "SINGLE_USE" } } }""");

        Assert.Equal("SINGLE_USE", await braintree.Client().UsageOf("x", default));

        var (uri, _, headers) = Assert.Single(braintree.Requests);
        Assert.Equal("https://payments.braintree-api.com/graphql", uri.AbsoluteUri);
        Assert.Equal("Basic " + Convert.ToBase64String("a_public_key:a_private_key"u8), headers["Authorization"]);
        Assert.Equal("2019-01-01", headers["Braintree-Version"]);
    }

    [Theory]
    [InlineData("VALIDATION", true)]
    [InlineData("NOT_FOUND", true)]
    [InlineData("AUTHENTICATION", true)]
    [InlineData("AUTHORIZATION", true)]
    [InlineData("RESOURCE_LIMIT", true)]
    [InlineData("UNSUPPORTED_CLIENT", true)]
    [InlineData("INTERNAL", false)]
    [InlineData("SERVICE_AVAILABILITY", false)]
    [InlineData("OF_A_LATER_VERSION", false)]
    public async Task A_document_level_error_is_a_fault_and_only_some_say_that_nothing_happened(string errorClass, bool hadNoEffect)
    {
        var braintree = new CannedBraintree($$"""{ "errors": [ { "message": "ada@example.com", "extensions": { "errorClass": "{{errorClass}}" } } ] }""");

        var fault = await Assert.ThrowsAsync<ProviderException>(() => braintree.Client().Authorize("token", "chk_1.a", Ten, default));

        Assert.Equal(hadNoEffect, BraintreeRefusal.HadNoEffect(fault));
        Assert.Equal($"Braintree confirm: answered {errorClass}.", fault.Message);
    }

    [Fact]
    public async Task An_error_below_the_operation_says_nothing_about_the_operation()
    {
        var braintree = new CannedBraintree("""
            { "data": { "authorizePaymentMethod": { "transaction": null } },
              "errors": [ { "message": "", "path": ["authorizePaymentMethod", "transaction", "refunds"], "extensions": { "errorClass": "AUTHORIZATION" } } ] }
            """);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => braintree.Client().Authorize("token", "chk_1.a", Ten, default));
        Assert.False(BraintreeRefusal.HadNoEffect(fault));
    }

    [Theory]
    [InlineData(200, """{ }""")]
    [InlineData(200, """null""")]
    [InlineData(200, """[]""")]
    [InlineData(200, """{ "data": null }""")]
    [InlineData(200, """{ "data": { } }""")]
    [InlineData(200, """{ "errors": [ { } ] }""")]
    [InlineData(200, """{ "data": { "node": { "id": 7 }, "authorizePaymentMethod": { "transaction": { "id": "a" } } } }""")]
    [InlineData(200, """{ "data": { "captureTransaction": { }, "search": { "transactions": { "edges": [ null ], "pageInfo": { "hasNextPage": false } } } } }""")]
    [InlineData(200, """{ "data": { "search": { "transactions": { "edges": [], "pageInfo": { "hasNextPage": true } } } } }""")]
    [InlineData(200, "<html>")]
    [InlineData(400, "<html>")]
    [InlineData(404, """{ "message": "Not Found" }""")]
    [InlineData(302, "")]
    [InlineData(500, """{ "errors": [ { "extensions": { "errorClass": "INTERNAL" } } ] }""")]
    public async Task An_answer_that_tells_nothing_is_a_fault_in_every_operation(int status, string body)
    {
        var client = new CannedBraintree(body, status).Client();

        await Assert.ThrowsAsync<ProviderException>(() => client.Authorize("token", "chk_1.a", Ten, default));
        await Assert.ThrowsAsync<ProviderException>(() => client.Capture("a", Ten, default));
        await Assert.ThrowsAsync<ProviderException>(() => client.Reverse("a", default));
        await Assert.ThrowsAsync<ProviderException>(() => client.Refund("a", "k", Ten, default));
        await Assert.ThrowsAsync<ProviderException>(() => client.Transaction("a", default));
        await Assert.ThrowsAsync<ProviderException>(() => client.Search("chk_1.a", default));
    }

    [Theory]
    [InlineData("of_a_later_version", "USD")]
    [InlineData("SETTLEMENT_CONFIRMED", "USD")]
    [InlineData("AUTHORIZED", "XAU")]
    public void A_status_that_is_not_known_is_a_fault_and_a_currency_that_is_not_known_is_only_stated(string status, string currency)
    {
        var transaction = new BraintreeNode("a", status, "chk_1.a", new(10.5m, currency));

        if (status == "of_a_later_version")
            Assert.Throws<ProviderException>(() => transaction.ToPayment("chk_1.a"));
        else
            Assert.Equal((1050, currency), transaction.ToPayment("chk_1.a") is var payment ? (payment.Amount, payment.Currency) : default);
    }

    [Theory]
    [InlineData("SUBMITTED_FOR_SETTLEMENT", PaymentRefundState.Succeeded)]
    [InlineData("SETTLED", PaymentRefundState.Succeeded)]
    [InlineData("SETTLEMENT_PENDING", PaymentRefundState.Pending)]
    [InlineData("SETTLEMENT_DECLINED", PaymentRefundState.Failed)]
    [InlineData("FAILED", PaymentRefundState.Failed)]
    [InlineData("VOIDED", PaymentRefundState.Failed)]
    public void A_refund_that_did_not_go_through_is_not_counted_as_given(string status, PaymentRefundState state)
    {
        var refund = new BraintreeNode("r", status, "ref_1:1:refund", new(10m, "USD"));
        var payment = new BraintreeNode("a", "SETTLED", "chk_1.a", new(41m, "USD"), Refunds: [refund]).ToPayment("chk_1.a");

        Assert.Equal(state, refund.ToRefund().State);
        Assert.Equal(state == PaymentRefundState.Failed ? 0 : 1000, payment.Refunded);
    }
}
