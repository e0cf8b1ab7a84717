using CheckoutFunctions.Checkout;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Webhooks;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>Stock is held for as long as its buyer pays and no longer, whatever happens to the buyer, the clock or the host.</summary>
public sealed class HoldTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly CheckoutLimits ShortHolds = new() { HoldMinutes = 5, QuoteTolerancePercent = 1 };

    [Fact]
    public async Task A_hold_outlasts_the_wait_for_the_bank_and_what_comes_after_it()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting(limits: ShortHolds);

        Assert.Equal(checkout.Clock.GetUtcNow().AddMinutes(15 + 5), await HoldEnd(checkout));

        await PassWithSweeps(checkout, 14 * Minute);
        Assert.Equal(ReservationOutcome.OutOfStock, (await SomebodyElseTakes(checkout, 999)).Outcome);
        checkout.AnswersBank(approve: true);
        await checkout.Confirm();
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
    }

    [Fact]
    public async Task A_buyer_who_never_answers_the_bank_holds_nothing_after_the_wait()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting(limits: ShortHolds);

        await checkout.Pass(15 * Minute);

        Assert.Equal(CheckoutStatus.MethodSelected, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_and_a_decline_free_the_stock_at_once(bool cancelled)
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();

        if (cancelled)
            await checkout.Cancel();
        else
            checkout.AnswersBank(approve: false);
        await checkout.Confirm();
        await checkout.Settle();

        Assert.Equal(cancelled ? CheckoutStatus.Cancelled : CheckoutStatus.MethodSelected, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
    }

    /// <summary>The host was down between the reservation and the bank's question.</summary>
    [Fact]
    public async Task A_hold_that_was_given_away_sends_nobody_to_the_bank_in_vain()
    {
        using var checkout = await Paying(nameof(AuthorizePayment));
        checkout.Clock.Advance(TimeSpan.FromHours(1));
        await Sweep(checkout);
        Assert.Equal(ReservationOutcome.Held, (await SomebodyElseTakes(checkout, 999)).Outcome);

        await checkout.Settle();

        var answer = await checkout.FullAnswerTo(checkout.LastCommand);
        Assert.Equal(AnswerCode.OutOfStock, answer!.Code);
        Assert.Equal("TEA-100: 2 wanted, 1 available.", Assert.Single(answer.Errors!).Detail);
        Assert.Equal((PaymentState.Voided, 0L), (OnlyPayment(checkout).State, OnlyPayment(checkout).Captured));
        Assert.Equal((1, 999, 0), await Pieces(checkout));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hold_that_ended_goes_on_where_nobody_took_its_stock(bool swept)
    {
        using var checkout = await Paying(nameof(AuthorizePayment));
        checkout.Clock.Advance(TimeSpan.FromHours(1));
        if (swept)
            await Sweep(checkout);
        Assert.Equal(swept ? (1000, 0, 0) : (998, 2, 0), await Pieces(checkout));

        await checkout.Settle();
        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);
        Assert.Equal((998, 2, 0), await Pieces(checkout));

        checkout.AnswersBank(approve: true);
        await checkout.Confirm();
        await checkout.Settle();
        await checkout.HasOneOutcome();
        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
    }

    /// <summary>The host was down while the hold was being extended: the buyer is at the bank already.</summary>
    [Fact]
    public async Task A_hold_that_is_given_away_in_the_last_moment_charges_nobody_and_says_why()
    {
        using var checkout = await Paying(nameof(AuthorizePayment));
        checkout.Down = nameof(ExtendHold);
        await checkout.Settle();
        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);

        checkout.Clock.Advance(TimeSpan.FromHours(1));
        await Sweep(checkout);
        await SomebodyElseTakes(checkout, 999);
        checkout.AnswersBank(approve: true);
        checkout.Down = null;
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.MethodSelected, (await checkout.Session()).Status);
        Assert.Equal((PaymentState.Voided, 0L), (OnlyPayment(checkout).State, OnlyPayment(checkout).Captured));
        var confirmed = await checkout.Confirm();
        await checkout.Settle();
        Assert.Equal(AnswerCode.OutOfStock, await checkout.AnswerTo(confirmed));
    }

    [Fact]
    public async Task A_store_that_cant_extend_the_hold_charges_nobody()
    {
        using var checkout = await Paying(nameof(AuthorizePayment));
        checkout.Down = nameof(ExtendHold);

        await checkout.Pass(Minute);

        Assert.Equal(CheckoutStatus.MethodSelected, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
        var confirmed = await checkout.Confirm();
        await checkout.Settle();
        Assert.Equal(AnswerCode.StoreUnavailable, await checkout.AnswerTo(confirmed));
    }

    [Theory]
    [InlineData(true, CheckoutStatus.Completed)]
    [InlineData(false, CheckoutStatus.Expired)]
    public async Task A_host_that_was_down_past_hold_and_expiry_sells_what_the_bank_approved_and_nobody_took(bool approved, CheckoutStatus end)
    {
        using var checkout = await ThreeDSecureCheckout.Waiting(live: false);
        if (approved)
            checkout.AnswersBank(approve: true);
        checkout.Clock.Advance(TimeSpan.FromHours(30));

        await checkout.Settle();

        Assert.Equal(end, (await checkout.Session()).Status);
        Assert.Equal(approved ? (998, 0, 2) : (1000, 0, 0), await Pieces(checkout));
        Assert.Equal(approved ? PaymentState.Captured : PaymentState.Voided, OnlyPayment(checkout).State);
    }

    [Fact]
    public async Task A_host_that_was_down_past_hold_and_expiry_takes_no_money_for_what_was_sold_meanwhile()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting(live: false);
        checkout.AnswersBank(approve: true);
        checkout.Clock.Advance(TimeSpan.FromHours(30));
        await SomebodyElseTakes(checkout, 999);

        await checkout.Settle();

        Assert.Equal(CheckoutStatus.Expired, (await checkout.Session()).Status);
        Assert.Equal((PaymentState.Voided, 0L), (OnlyPayment(checkout).State, OnlyPayment(checkout).Captured));
        Assert.Equal((1, 999, 0), await Pieces(checkout));
    }

    /// <summary>Compensations take days if they must. The shelf doesn't wait for them: that money will never be captured.</summary>
    [Fact]
    public async Task A_payment_that_cant_be_voided_holds_no_stock_past_the_holds_end()
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        checkout.Down = nameof(VoidPayment);
        await checkout.Cancel();

        await PassWithSweeps(checkout, 31 * Minute);
        Assert.Equal((1000, 0, 0), await Pieces(checkout));

        checkout.Down = null;
        await checkout.Pass(TimeSpan.FromHours(2));
        Assert.Equal(CheckoutStatus.Cancelled, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
    }

    [Fact]
    public async Task A_checkout_expires_a_day_after_its_start_whatever_its_buyer_did()
    {
        using var checkout = await Started();
        await checkout.Pass(TimeSpan.FromHours(23));
        await checkout.Pay(Cards.Declined);
        await checkout.Pass(Minute);
        Assert.Equal(CheckoutStatus.MethodSelected, (await checkout.Session()).Status);

        await checkout.Pass(TimeSpan.FromHours(1));

        Assert.Equal(CheckoutStatus.Expired, (await checkout.Session()).Status);
        Assert.Equal((1000, 0, 0), await Pieces(checkout));
    }

    [Fact]
    public async Task A_payment_that_comes_after_the_expiry_is_not_begun()
    {
        using var checkout = await Started();
        checkout.Clock.Advance(TimeSpan.FromHours(24));

        await checkout.Pay(Cards.Good);
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.Expired, (await checkout.Session()).Status);
        Assert.Empty(checkout.Payments.Ledger);
        Assert.Equal((1000, 0, 0), await Pieces(checkout));
    }

    [Theory]
    [InlineData(true, CheckoutStatus.Completed)]
    [InlineData(false, CheckoutStatus.Expired)]
    public async Task A_buyer_who_is_at_the_bank_when_the_checkout_expires_has_the_whole_wait(bool approves, CheckoutStatus end)
    {
        using var checkout = await Started();
        await checkout.Pass(TimeSpan.FromHours(24) - Minute);
        await checkout.Pay();
        await PassWithSweeps(checkout, 10 * Minute);
        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);
        Assert.Equal((998, 2, 0), await Pieces(checkout));

        if (approves)
            checkout.AnswersBank(approve: true);
        await checkout.Pass(5 * Minute);

        Assert.Equal(end, (await checkout.Session()).Status);
        Assert.Equal(approves ? (998, 0, 2) : (1000, 0, 0), await Pieces(checkout));
    }

    [Fact]
    public async Task A_payment_that_was_begun_in_time_is_brought_to_its_end()
    {
        using var checkout = await Paying(nameof(AuthorizePayment), Cards.Good);

        checkout.Clock.Advance(TimeSpan.FromHours(25));
        await checkout.Settle();

        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
    }

    private static async Task<ThreeDSecureCheckout> Started()
    {
        var checkout = new ThreeDSecureCheckout();
        await checkout.Prepare();
        await checkout.Start();
        return checkout;
    }

    /// <summary>Stopped right after this activity took effect.</summary>
    private static async Task<ThreeDSecureCheckout> Paying(string activity, string card = Cards.ThreeDSecure)
    {
        var checkout = await Started();
        await checkout.Pay(card);
        while (checkout.Asked[^1] != activity)
            Assert.True(await checkout.RunOne());
        return checkout;
    }

    private static async Task PassWithSweeps(ThreeDSecureCheckout checkout, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Minute)
        {
            await checkout.Pass(Minute);
            await Sweep(checkout);
        }
    }

    private static Task Sweep(ThreeDSecureCheckout checkout) => new HoldSweep(checkout.Stock, NullLogger<HoldSweep>.Instance).Run(new TimerInfo(), default);

    private static Task<Reservation> SomebodyElseTakes(ThreeDSecureCheckout checkout, int teas) =>
        checkout.Stock.Reserve(new("chk_2:1:hold", "chk_2", [new("TEA-100", teas, 1250)], DateTimeOffset.MaxValue), default);

    private static Payment OnlyPayment(ThreeDSecureCheckout checkout) => Assert.Single(checkout.Payments.Ledger.Values);

    private static Task<(long Free, long Held, long Sold)> Pieces(ThreeDSecureCheckout checkout) => checkout.Shop.Read(connection =>
        connection.QuerySingleAsync<(long, long, long)>("SELECT free, held, sold FROM stock WHERE sku = 'TEA-100'"));

    private static async Task<DateTimeOffset> HoldEnd(ThreeDSecureCheckout checkout) => DateTimeOffset.FromUnixTimeMilliseconds(
        await checkout.Shop.Read(connection => connection.QuerySingleAsync<long>("SELECT expires_at FROM holds WHERE state = 'held'")));
}
