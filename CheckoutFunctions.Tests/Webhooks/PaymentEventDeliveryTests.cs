using CheckoutFunctions.Checkout;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using Dapper;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Webhooks;

public sealed class PaymentEventDeliveryTests
{
    [Fact]
    public async Task A_buyer_who_never_comes_back_has_bought_once_the_provider_says_so()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        checkout.AnswersBank(approve: true);

        await checkout.WebhookArrives();
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
        Assert.Equal("told", await State(checkout));
    }

    [Fact]
    public async Task An_event_decides_nothing_the_provider_is_asked()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        var shown = await checkout.Session();

        // It says that the money is held. It isn't.
        await checkout.WebhookArrives();
        await checkout.Settle();

        Assert.Equal(nameof(RetrievePayment), checkout.Asked[^1]);
        Assert.Equal(shown.Version, (await checkout.Session()).Version);
        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);
    }

    [Fact]
    public async Task An_event_about_another_payment_is_passed_over()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        checkout.AnswersBank(approve: true);

        await checkout.WebhookArrives(payment: "pi_of_an_earlier_attempt");
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);
        Assert.DoesNotContain(nameof(RetrievePayment), checkout.Asked);
    }

    [Fact]
    public async Task An_event_that_comes_before_its_checkout_is_told_when_there_is_one()
    {
        using var checkout = new ThreeDSecureCheckout();
        await checkout.Prepare();
        await checkout.WebhookArrives();
        Assert.Equal("waiting", await State(checkout));

        await checkout.Start();
        await checkout.Pay();
        await checkout.Settle();
        checkout.AnswersBank(approve: true);
        await checkout.Pass(TimeSpan.FromMinutes(1));
        await checkout.Sweep();
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
        Assert.Equal("told", await State(checkout));
    }

    [Fact]
    public async Task An_event_that_comes_while_the_checkout_is_at_work_is_told_a_minute_later()
    {
        using var checkout = new ThreeDSecureCheckout();
        await checkout.Prepare();
        await checkout.Start();
        await checkout.Pay();
        while ((await checkout.Session()).Status != CheckoutStatus.Paying)
            Assert.True(await checkout.RunOne());

        await checkout.WebhookArrives();
        Assert.Equal("waiting", await State(checkout));
        await checkout.Settle();
        checkout.AnswersBank(approve: true);
        await checkout.Pass(TimeSpan.FromMinutes(1));
        await checkout.Sweep();
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
    }

    [Fact]
    public async Task An_event_whose_signal_fails_is_stored_and_told_again()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        checkout.AnswersBank(approve: true);
        var gone = new SqliteOrchestrationStore(SqliteOrchestrationStore.InMemory);
        gone.Dispose();

        await checkout.WebhookArrives(client: new LocalDurableTaskClient(new DurableEngine(gone, checkout, checkout.Clock, NullLoggerFactory.Instance)));
        await checkout.Settle();
        Assert.Equal((CheckoutStatus.ActionRequired, "waiting"), ((await checkout.Session()).Status, await State(checkout)));
        await checkout.Sweep();
        Assert.Equal("waiting", await State(checkout));

        await checkout.Pass(TimeSpan.FromMinutes(1));
        await checkout.Sweep();
        await checkout.Settle();
        Assert.Equal((CheckoutStatus.Completed, "told"), ((await checkout.Session()).Status, await State(checkout)));
    }

    /// <summary>The signal comes once: a provider that tells and then doesn't answer must not cost the buyer the payment.</summary>
    [Fact]
    public async Task A_provider_that_cannot_be_asked_then_is_asked_again_without_another_event()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        checkout.AnswersBank(approve: true);
        checkout.Down = nameof(RetrievePayment);
        await checkout.WebhookArrives();
        await checkout.Pass(TimeSpan.FromMinutes(3));
        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);

        checkout.Down = null;
        await checkout.Pass(TimeSpan.FromMinutes(1.1));

        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
    }

    [Fact]
    public async Task A_buyer_who_comes_back_after_the_webhook_told_of_the_banks_no_is_told_too()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        checkout.AnswersBank(approve: false);
        await checkout.WebhookArrives();
        await checkout.Settle();
        Assert.Equal(CheckoutStatus.MethodSelected, (await checkout.Session()).Status);

        var command = await checkout.Confirm();
        await checkout.Settle();

        Assert.Equal(AnswerCode.CardDeclined, await checkout.AnswerTo(command));
        await checkout.HasOneOutcome();
    }

    private static Task<string?> State(ThreeDSecureCheckout checkout) =>
        checkout.Shop.Read(connection => connection.ExecuteScalarAsync<string?>("SELECT state FROM payment_events WHERE event_id = 'evt_1'"));
}
