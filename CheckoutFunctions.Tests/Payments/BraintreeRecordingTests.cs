using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>Braintree's recorded responses in our words, and our requests beside the recorded ones.</summary>
public sealed class BraintreeRecordingTests
{
    private static readonly Money Eighty = new(8000, "EUR");

    [RecordedFact]
    public async Task An_authorization()
    {
        var braintree = CannedBraintree.Recorded("gql_derived_authorize_ok");
        var transaction = await braintree.Client().Authorize("fake-valid-nonce", "chk_1.a", Eighty, default);

        Assert.Equal(new Payment("1", PaymentState.Authorized, 8000, "EUR", "1"), transaction.ToPayment("1"));
        AssertAsks("gql_derived_authorize_ok", braintree);
    }

    [RecordedFact]
    public async Task A_capture()
    {
        var braintree = CannedBraintree.Recorded("gql_derived_capture_ok");
        var transaction = await braintree.Client().Capture("dHJhbnNhY3Rpb25fbTMwYmNmeW0=", Eighty, default);

        Assert.Equal(new Payment("2", PaymentState.Captured, 8000, "EUR", "2", Captured: 8000), transaction.ToPayment("2"));
        AssertAsks("gql_derived_capture_ok", braintree);
    }

    [RecordedFact]
    public async Task A_refund()
    {
        var braintree = CannedBraintree.Recorded("gql_derived_refund_ok");
        var refund = await braintree.Client().Refund("dHJhbnNhY3Rpb25fcmpmcW1mM3I=", "ref_1:1:refund", new(1000, "EUR"), default);

        Assert.Equal(new(PaymentRefundState.Succeeded, "cmVmdW5kXzY3cXF4bXM5", 1000, "EUR"), refund.ToRefund());
        AssertAsks("gql_derived_refund_ok", braintree);
    }

    [RecordedFact]
    public async Task A_reversal()
    {
        foreach (var (fixture, id) in new[] { ("gql_derived_reverse_void", "dHJhbnNhY3Rpb25fbmFydnB5Mm0="), ("gql_doc_reverse_void", "TRANSACTION_ID") })
        {
            var braintree = CannedBraintree.Recorded(fixture);
            var reversal = await braintree.Client().Reverse(id, default);

            Assert.Equal((id, "VOIDED"), (reversal.Id, reversal.Status));
            AssertAsks(fixture, braintree);
        }
    }

    [RecordedFact]
    public void A_charge_and_one_that_was_declined()
    {
        Assert.Equal(PaymentState.Captured, Charged("gql_derived_charge_ok").State);
        Assert.Equal((PaymentState.Declined, 200000, "do_not_honor"), Charged("gql_derived_charge_declined_2000") is var declined ? (declined.State, declined.Amount, declined.DeclineCode) : default);
    }

    [RecordedFact]
    public async Task Validation_errors_are_a_no_with_Braintrees_code()
    {
        var amount = await Refusal("gql_doc_error_amount");
        var unknown = await Refusal("gql_doc_error_nonce_unknown");

        Assert.Equal(("81531", false), (amount.Code, amount.IsUsed));
        Assert.Equal(("91565", true), (unknown.Code, unknown.IsUsed));
        Assert.Equal("invalid_payment_method", BraintreeDeclines.CodeOf(unknown));
    }

    [RecordedFact]
    public async Task A_production_connector_captures_refunds_and_voids_with_the_same_input()
    {
        foreach (var flow in new[] { "capture", "refund", "void" })
        {
            var recorded = Recordings.Read("braintree", "gql_connector_requests").GetProperty("requests").EnumerateArray().Single(request => request.GetProperty("flow").GetString() == flow);
            var braintree = new CannedBraintree("{}");
            var client = braintree.Client();
            await Assert.ThrowsAsync<ProviderException>(() => flow switch
            {
                "capture" => client.Capture("probe_connector_txn_001", new(1000, "USD"), default),
                "refund" => client.Refund("probe_connector_txn_001", "probe_refund_001", new(1000, "USD"), default),
                _ => client.Reverse("probe_connector_txn_001", default),
            });
            AssertHolds(recorded.GetProperty("body").GetProperty("variables"), Sent(braintree), except: "merchantAccountId");
        }
    }

    private static Payment Charged(string fixture) => Recordings.Read("braintree", fixture).GetProperty("response").GetProperty("json").GetProperty("data")
        .GetProperty("chargePaymentMethod").GetProperty("transaction").Deserialize<BraintreeNode>(ProviderJson.CamelCase)!.ToPayment("chk_1.a");

    /// <summary>The recorded error under the field that we call.</summary>
    private static Task<BraintreeRefusal> Refusal(string fixture) =>
        Assert.ThrowsAsync<BraintreeRefusal>(() => CannedBraintree.Recorded(fixture).Client().Authorize("token", "chk_1.a", new(1123, "USD"), default));

    private static JsonElement Sent(CannedBraintree braintree) => JsonSerializer.Deserialize<JsonElement>(Assert.Single(braintree.Requests).Body).GetProperty("variables");

    /// <summary>Everything that the recorded request asked for stands in ours, but for the ids of the documentation.</summary>
    private static void AssertAsks(string fixture, CannedBraintree braintree) =>
        AssertHolds(Recordings.Read("braintree", fixture).GetProperty("request").GetProperty("json").GetProperty("variables"), Sent(braintree));

    private static void AssertHolds(JsonElement recorded, JsonElement sent, string? except = null)
    {
        foreach (var property in recorded.EnumerateObject().Where(property => property.Name != except))
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
                AssertHolds(property.Value, sent.GetProperty(property.Name), except);
            else
                Assert.Equal((property.Name, property.Value.GetString()), (property.Name, sent.GetProperty(property.Name).GetString()));
        }
    }
}
