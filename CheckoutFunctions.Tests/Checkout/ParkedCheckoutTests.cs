using System.Text.Json;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Webhooks;
using Simulation;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>A purchase that can't be undone for days: what operators and buyers are told, and how it goes on.</summary>
public sealed class ParkedCheckoutTests
{
    private static readonly TimeSpan Days = TimeSpan.FromDays(4);

    [Fact]
    public async Task An_operator_is_told_what_is_wrong_where_the_money_is_and_what_to_do()
    {
        using var checkout = await Parked(nameof(VoidPayment));

        var status = Status(checkout);
        Assert.Equal("needs attention: VoidPayment keeps failing: VoidPayment did not answer.", status["Step"]);
        Assert.Matches("^The provider states payment pi_1 as Authorized, 37.8 USD in all, 0 USD captured, 0 USD refunded \\(asked ", status["Money"]);
        Assert.Matches("2 × TEA-100 stay held under chk_1:1:hold, or sold in order ord_", status["Goods"]);
        Assert.Contains("POST /api/operations/checkouts/chk_1/retry", status["YouCan"], StringComparison.Ordinal);
        Assert.Contains($"{DateTimeOffset.Parse(status["Since"], System.Globalization.CultureInfo.InvariantCulture).AddDays(1):u}", status["Next"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_buyer_is_told_kindly_and_nothing_of_the_inside()
    {
        using var checkout = await Parked(nameof(VoidPayment));

        var session = await checkout.Session();
        Assert.Equal((CheckoutStatus.NeedsAttention, SessionPaymentState.Authorized), (session.Status, session.Payment.State));
        var message = Assert.Single(session.Messages);
        Assert.Equal("needs_attention", message.Code);
        Assert.Contains("goes back to you", message.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("VoidPayment|did not answer|pi_1", message.Text);
    }

    [Fact]
    public async Task Where_the_provider_cannot_be_asked_it_says_so_and_what_was_last_known()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        checkout.AnswersBank(approve: true);
        checkout.Broken.Add(nameof(PlaceOrder));
        await checkout.Confirm();
        await checkout.Settle();
        checkout.ProviderIsDown = true;
        await checkout.Pass(Days);

        var money = Status(checkout)["Money"];
        Assert.Contains("The provider can't be asked about payment pi_1 just now (RetrievePayment did not answer.).", money, StringComparison.Ordinal);
        Assert.Matches("At 2030-.* it was Authorized, 37.8 USD in all, .*; since then it may have been captured or undone.", money);
    }

    [Theory]
    [InlineData(nameof(CancelOrder), "Order ord_.* may still stand")]
    [InlineData(nameof(ReleaseInventory), "2 × TEA-100 may still be held under chk_1:1:hold")]
    public async Task Once_the_money_is_free_both_are_told_so(string stuck, string goods)
    {
        using var checkout = await Parked(stuck);

        Assert.Contains("payment pi_1 as Voided", Status(checkout)["Money"], StringComparison.Ordinal);
        Assert.Matches(goods, Status(checkout)["Goods"]);
        var session = await checkout.Session();
        Assert.Equal(SessionPaymentState.Voided, session.Payment.State);
        Assert.Contains("you were not charged", Assert.Single(session.Messages).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_retry_under_one_key_retries_once_and_tells_soon_how_it_went()
    {
        using var checkout = await Parked(nameof(VoidPayment));
        checkout.Asked.Clear();

        for (var tap = 0; tap < 3; tap++)
            await checkout.Retry("again");
        await checkout.Pass(TimeSpan.FromMinutes(1));

        // A round of tries, and a look at where the money is now.
        Assert.Equal((4, 1), (checkout.Asked.Count(name => name == nameof(VoidPayment)), checkout.Asked.Count(name => name == nameof(RetrievePayment))));
        Assert.StartsWith("needs attention: VoidPayment", Status(checkout)["Step"], StringComparison.Ordinal);
        Assert.Equal(CheckoutStatus.NeedsAttention, (await checkout.Session()).Status);

        await checkout.Retry("once more");
        await checkout.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(8, checkout.Asked.Count(name => name == nameof(VoidPayment)));
    }

    [Fact]
    public async Task After_a_retry_that_succeeds_the_rest_is_undone_newest_first()
    {
        using var checkout = await Parked(nameof(VoidPayment));
        checkout.Asked.Clear();
        checkout.Broken.Clear();

        await checkout.Retry("again");
        await checkout.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(
            [nameof(VoidPayment), nameof(CancelOrder), nameof(VoidPayment), nameof(ReleaseInventory)],
            checkout.Asked.Where(name => name is not (nameof(SaveSession) or nameof(RetrievePayment))));
        var session = await checkout.Session();
        // Its own day was over long ago.
        Assert.Equal(CheckoutStatus.Expired, session.Status);
        Assert.All(checkout.Payments.Ledger.Values, payment => Assert.Equal(PaymentState.Voided, payment.State));
    }

    [Fact]
    public async Task A_retry_survives_a_restart()
    {
        using var checkout = await Parked(nameof(VoidPayment), live: false);
        checkout.Broken.Clear();

        await checkout.Retry("again");
        await checkout.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(CheckoutStatus.Expired, (await checkout.Session()).Status);
    }

    [Fact]
    public async Task A_buyer_who_cancels_while_it_is_parked_is_told_to_wait()
    {
        using var checkout = await Parked(nameof(VoidPayment));
        var before = await checkout.Session();

        var cancel = await checkout.Cancel();
        await checkout.Settle();

        Assert.Equal(AnswerCode.NeedsAttention, await checkout.AnswerTo(cancel));
        Assert.Equal(before.Status, (await checkout.Session()).Status);
    }

    [Fact]
    public async Task A_buyer_who_cancels_while_it_is_paying_has_bought_or_cancelled_but_never_both()
    {
        using var paid = await Ready();
        await paid.Pay(Cards.Good);
        while (!paid.Asked.Contains(nameof(AuthorizePayment)))
            await paid.RunOne();
        await paid.Cancel();
        await paid.Settle();
        Assert.Equal(CheckoutStatus.Completed, (await paid.Session()).Status);
        await paid.HasOneOutcome();

        using var declined = await Ready();
        await declined.Pay(Cards.Declined);
        while (!declined.Asked.Contains(nameof(AuthorizePayment)))
            await declined.RunOne();
        await declined.Cancel();
        await declined.Settle();
        Assert.Equal(CheckoutStatus.Cancelled, (await declined.Session()).Status);
        await declined.HasOneOutcome();
    }

    [Fact]
    public async Task Money_given_back_that_bounces_weeks_later_reaches_an_operator_and_goes_back_again()
    {
        using var checkout = await GivenBack();
        Assert.Equal(PaymentState.Refunded, checkout.Payments.Ledger["pi_1"].State);
        Assert.Contains("watching until", Status(checkout)["Step"], StringComparison.Ordinal);

        await checkout.Pass(TimeSpan.FromDays(20));
        checkout.Payments.Refunds.Bounce("pi_1", checkout.Clock.GetUtcNow());
        checkout.Payments.Refunds.Decide();
        await checkout.Pass(TimeSpan.FromDays(1));

        var status = Status(checkout);
        Assert.Equal("needs attention: the refund of a payment whose order was undone has failed.", status["Step"]);
        Assert.Contains("The shop has the buyer's money: the provider stated payment pi_1 as Captured, 37.8 USD in all, 37.8 USD captured, 0 USD refunded", status["Money"], StringComparison.Ordinal);

        await checkout.Retry("again");
        await checkout.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(PaymentState.Refunded, checkout.Payments.Ledger["pi_1"].State);
        await checkout.Pass(TimeSpan.FromDays(31));
        Assert.Equal("ended", Status(checkout)["Step"]);
    }

    [Fact]
    public async Task A_failed_refund_that_the_provider_tells_of_is_looked_at_at_once()
    {
        using var checkout = await GivenBack();
        checkout.Payments.Refunds.Bounce("pi_1", checkout.Clock.GetUtcNow());
        checkout.Payments.Refunds.Decide();

        await checkout.WebhookArrives(type: "refund.failed");
        await checkout.Settle();

        Assert.StartsWith("needs attention: the refund", Status(checkout)["Step"], StringComparison.Ordinal);
    }

    /// <summary>A checkout whose order was placed and could not be captured, and whose undoing is stuck at this step.</summary>
    private static async Task<ThreeDSecureCheckout> Parked(string stuck, bool live = true)
    {
        var checkout = await Ready(live);
        checkout.Broken.UnionWith([nameof(CapturePayment), stuck]);
        await checkout.Pay(Cards.Good);
        // Most of a day for the capture, and three for its undoing.
        await checkout.Pass(TimeSpan.FromDays(1) + Days);
        Assert.Equal(CheckoutStatus.NeedsAttention, (await checkout.Session()).Status);
        return checkout;
    }

    /// <summary>The capture took the money, nobody heard of it in most of a day, and it was given back.</summary>
    private static async Task<ThreeDSecureCheckout> GivenBack()
    {
        var checkout = await Ready();
        checkout.Mute = nameof(CapturePayment);
        await checkout.Pay(Cards.Good);
        await checkout.Pass(TimeSpan.FromDays(2));
        Assert.Equal(CheckoutStatus.Expired, (await checkout.Session()).Status);
        return checkout;
    }

    private static async Task<ThreeDSecureCheckout> Ready(bool live = true)
    {
        var checkout = new ThreeDSecureCheckout(live);
        await checkout.Prepare();
        await checkout.Start();
        return checkout;
    }

    private static Dictionary<string, string> Status(ThreeDSecureCheckout checkout) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(checkout.CustomStatus)!;
}
