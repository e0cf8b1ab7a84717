using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>Stripe's recorded responses through the gateway, and its requests beside the recorded ones.</summary>
public sealed class StripeRecordingTests : IAsyncDisposable
{
    private const string ManualId = "pi_3TUq5B2ESifGlJez1IcQm7th";
    private static readonly Money Ten = new(1000, "USD");

    private readonly FakeStripeProvider app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [RecordedFact]
    public async Task A_create_sends_the_recorded_form_except_that_it_does_not_confirm()
    {
        var stripe = new RecordedStripe("pi_manual_1_create");
        var created = await Over(stripe).Create(new("k", "chk_1", Ten, "pm_card_visa"), default);

        Assert.Equal(new(CreatePaymentOutcome.Created, ManualId), created);
        var (path, form) = RecordedStripe.Recorded("pi_manual_1_create");
        var sent = Assert.Single(stripe.Requests);
        Assert.Equal(path, sent.Path);
        Assert.Equal(form.Except(["confirm=true"]), sent.Form.Where(pair => !pair.StartsWith("metadata", StringComparison.Ordinal)));
    }

    [RecordedFact]
    public async Task A_confirmed_payment_is_authorized()
    {
        var stripe = new RecordedStripe("pi_manual_1_create");

        Assert.Equal(new(ManualId, PaymentState.Authorized, 1000, "USD", null), await Over(stripe).Authorize(new("k", ManualId), default));
        Assert.Equal($"/v1/payment_intents/{ManualId}/confirm", Assert.Single(stripe.Requests).Path);
    }

    [RecordedFact]
    public async Task A_held_payment_is_retrieved_as_authorized()
    {
        var stripe = new RecordedStripe("pi_manual_2_get");

        Assert.Equal(new(ManualId, PaymentState.Authorized, 1000, "USD", null), await Over(stripe).Retrieve(ManualId, default));
        Assert.Equal(RecordedStripe.Recorded("pi_manual_2_get").Path, Assert.Single(stripe.Requests).Path);
    }

    [RecordedFact]
    public async Task A_capture_sends_the_recorded_form()
    {
        var stripe = new RecordedStripe("pi_manual_3_capture");

        Assert.Equal(
            new(ManualId, PaymentState.Captured, 1000, "USD", null, Captured: 1000), await Over(stripe).Capture(new("k", ManualId, Ten), default));
        AssertSame(RecordedStripe.Recorded("pi_manual_3_capture"), Assert.Single(stripe.Requests));
    }

    [RecordedFact]
    public async Task A_cancelled_payment_is_voided()
    {
        var stripe = new RecordedStripe("pi_manual_2_get", "pi_cancel");
        var voided = await Over(stripe).Void(new("k", "pi_3QY1o72ESifGlJez06ZbKHjy"), default);

        Assert.Equal(new("pi_3QY1o72ESifGlJez06ZbKHjy", PaymentState.Voided, 4000, "USD", null), voided);
        AssertSame(RecordedStripe.Recorded("pi_cancel"), stripe.Requests[1]);
    }

    [RecordedFact]
    public async Task A_refund_sends_the_recorded_fields()
    {
        var stripe = new RecordedStripe("refund_create_partial");
        var refunded = await Over(stripe).Refund(new("k", "pi_3QXmL12ESifGlJez0v0B8tUn", new(800, "USD")), default);

        Assert.Equal(new(PaymentRefundState.Succeeded, "re_3QXmL12ESifGlJez0GcOBHng", 800, "USD"), refunded);
        Assert.Equal(Names(RecordedStripe.Recorded("refund_create_partial")), Names(stripe.Requests[1]).Where(name => name != "metadata[key]"));
    }

    [RecordedFact]
    public async Task A_recorded_decline_is_an_answer() => Assert.Equal(
        new("pi_1F2MB5AWOtgoysogCMt8BaxR", PaymentState.Declined, 2020, "GBP", null, DeclineCode: "generic_decline"),
        await Over(new RecordedStripe("error_card_declined_confirm_402")).Authorize(new("k", "pi_1F2MB5AWOtgoysogCMt8BaxR"), default));

    [RecordedFact]
    public async Task An_unknown_payment_method_is_an_invalid_token() => Assert.Equal(
        new(CreatePaymentOutcome.InvalidToken, null, "resource_missing"),
        await Over(new RecordedStripe("error_resource_missing_404")).Create(new("k", "chk_1", Ten, "abcd"), default));

    [RecordedFact]
    public async Task Too_small_an_amount_is_refused() => Assert.Equal(
        new(CreatePaymentOutcome.Refused, null, "parameter_invalid_integer"),
        await Over(new RecordedStripe("error_amount_too_small_400")).Create(new("k", "chk_1", new(0, "USD"), "pm_card_visa"), default));

    [RecordedFact]
    public async Task A_redirect_is_an_action_with_its_url()
    {
        var payment = await Retrieve("pi_requires_action_redirect");

        Assert.Equal((PaymentState.ActionRequired, 8000L), (payment.State, payment.Amount));
        Assert.Equal("three_d_secure", payment.Action!.Type);
        Assert.Equal("pi_1Ev1M1FSbr6xR4YAgJIBBVX0_secret_MfGgtbEAM6GZ4JyquqbC09FXC", payment.Action.ClientSecret);
        Assert.StartsWith("https://hooks.stripe.com/3d_secure_2_eap/begin_test/", payment.Action.Url, StringComparison.Ordinal);
    }

    [RecordedFact]
    public async Task A_redirect_of_the_newest_version_is_an_action_with_its_url()
    {
        var payment = await Retrieve("pi_requires_action_dahlia");

        Assert.Equal((PaymentState.ActionRequired, "three_d_secure"), (payment.State, payment.Action!.Type));
        Assert.StartsWith("https://hooks.stripe.com/3d_secure_2/hosted?", payment.Action.Url, StringComparison.Ordinal);
    }

    [RecordedFact]
    public async Task Another_kind_of_action_keeps_its_name() =>
        Assert.Equal("display_bank_transfer_instructions", (await Retrieve("pi_bank_transfer_requires_action")).Action!.Type);

    [RecordedFact]
    public async Task A_payment_without_a_method_is_only_created() =>
        Assert.Equal((PaymentState.Created, null), await Retrieve("pi_create_requires_payment_method") is var payment ? (payment.State, payment.DeclineCode) : default);

    [RecordedFact]
    public async Task A_charge_that_is_written_out_tells_what_was_refunded() =>
        Assert.Equal((PaymentState.Captured, 2900, 0), await Retrieve("pi_create_expanded_clover") is var payment ? (payment.State, payment.Captured, payment.Refunded) : default);

    [RecordedFact]
    public async Task A_payment_that_was_taken_at_once_is_captured()
    {
        Assert.Equal((PaymentState.Captured, 1000, 1000), await Retrieve("pi_create_confirm_succeeded") is var payment ? (payment.State, payment.Amount, payment.Captured) : default);
        Assert.Equal((PaymentState.Captured, 1000, 1000), await Retrieve("pi_get_expand_latest_charge") is var expanded ? (expanded.State, expanded.Amount, expanded.Captured) : default);
    }

    [RecordedFact]
    public async Task A_payment_whose_amount_was_changed_is_told_as_it_is_now() =>
        Assert.Equal((PaymentState.Created, 6000), await Retrieve("pi_update_amount") is var payment ? (payment.State, payment.Amount) : default);

    private static void AssertSame((string Path, string[] Form) recorded, (string Path, string[] Form) sent)
    {
        Assert.Equal(recorded.Path, sent.Path);
        Assert.Equal(recorded.Form, sent.Form);
    }

    private static IEnumerable<string> Names((string Path, string[] Form) request) => request.Form.Select(pair => pair.Split('=')[0]).Prepend(request.Path);

    private IPaymentGateway Over(RecordedStripe stripe) => app.App(stripe, FakeStripe.ApiKey);

    private Task<Payment> Retrieve(string fixture) => Over(new RecordedStripe(fixture)).Retrieve("pi_recorded", default);
}
