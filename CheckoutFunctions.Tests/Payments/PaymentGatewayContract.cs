using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>What every payment gateway does, whichever provider is behind it.</summary>
public abstract class PaymentGatewayContract : IAsyncLifetime
{
    private static readonly Money Total = new(4100, "USD");

    private PaymentProvider? provider;

    protected PaymentProvider Provider => provider!;

    protected IPaymentGateway Gateway => Provider.Gateway;

    public async Task InitializeAsync() => provider = await Start();

    public async Task DisposeAsync() => await Provider.DisposeAsync();

    [Fact]
    public async Task A_created_payment_has_moved_no_money()
    {
        var payment = await Gateway.Retrieve(await Create(), default);

        Assert.Equal(new Payment(payment.Id, PaymentState.Created, 4100, "USD", "chk_1"), payment);
    }

    [Fact]
    public async Task Creating_again_with_the_same_key_gives_the_same_payment() => Assert.Equal(await Create(), await Create());

    [Fact]
    public async Task Creating_with_another_key_gives_another_payment() => Assert.NotEqual(await Create(), await Create(key: "chk_1:2:create"));

    [Fact]
    public async Task A_token_that_the_provider_does_not_know_is_refused_as_such()
    {
        var created = await Gateway.Create(new("chk_1:1:create", "chk_1", Total, Provider.UnknownToken), default);

        Assert.Equal(CreatePaymentOutcome.InvalidToken, created.Outcome);
        Assert.Null(created.PaymentId);
    }

    [Fact]
    public async Task An_amount_below_the_providers_minimum_is_refused_with_the_reason()
    {
        var created = await Gateway.Create(new("chk_1:1:create", "chk_1", Provider.TooLittle, Provider.GoodToken), default);

        Assert.Equal((CreatePaymentOutcome.Refused, null), (created.Outcome, created.PaymentId));
        Assert.False(string.IsNullOrEmpty(created.Reason));
    }

    [Fact]
    public async Task Authorizing_holds_the_money_and_takes_none()
    {
        var payment = await Authorize(await Create());

        Assert.Equal(new Payment(payment.Id, PaymentState.Authorized, 4100, "USD", "chk_1"), payment);
        Assert.Equal(payment, await Gateway.Retrieve(payment.Id, default));
    }

    [Fact]
    public async Task Authorizing_again_gives_the_same_answer()
    {
        var id = await Create();

        Assert.Equal(await Authorize(id), await Authorize(id));
        Assert.Equal(PaymentState.Authorized, (await Authorize(id, key: "chk_1:1:other")).State);
    }

    [Theory]
    [InlineData("generic_decline")]
    [InlineData("insufficient_funds")]
    [InlineData("expired_card")]
    public async Task A_declined_card_is_an_answer_with_its_code_and_stays_one(string code)
    {
        var id = await Create(Provider.DeclinedToken(code));
        var declined = await Authorize(id);

        Assert.Equal(new Payment(id, PaymentState.Declined, 4100, "USD", "chk_1", DeclineCode: code), declined);
        Assert.Equal(declined, await Authorize(id));
        Assert.Equal(declined, await Gateway.Retrieve(id, default));
    }

    [Fact]
    public async Task Capturing_takes_exactly_the_amount_once_however_often_it_is_asked()
    {
        var id = (await Authorize(await Create())).Id;
        var captured = await Capture(id);

        Assert.Equal(new Payment(id, PaymentState.Captured, 4100, "USD", "chk_1", Captured: 4100), captured);
        Assert.Equal(captured, await Capture(id));
        Assert.Equal(captured, await Capture(id, key: "chk_1:1:other"));
        Assert.Equal(captured, await Gateway.Retrieve(id, default));
    }

    [Fact]
    public async Task Capturing_a_voided_payment_takes_nothing()
    {
        var id = (await Authorize(await Create())).Id;
        await Void(id);

        var payment = await Capture(id);
        Assert.Equal((PaymentState.Voided, 0), (payment.State, payment.Captured));
    }

    [Fact]
    public async Task Capturing_what_was_never_authorized_takes_nothing()
    {
        var payment = await Capture(await Create());

        Assert.Equal((PaymentState.Created, 0), (payment.State, payment.Captured));
    }

    [Theory]
    [InlineData(PaymentState.Created)]
    [InlineData(PaymentState.Authorized)]
    [InlineData(PaymentState.Declined)]
    [InlineData(PaymentState.Voided)]
    public async Task Voiding_before_the_capture_ends_the_payment_for_good(PaymentState state)
    {
        var id = await PaymentIn(state);
        var voided = await Void(id);

        Assert.Equal((PaymentState.Voided, 0, 0), (voided.State, voided.Captured, voided.Refunded));
        Assert.Equal(PaymentState.Voided, (await Gateway.Authorize(new("chk_1:1:late", id), default)).State);
        Assert.Equal(PaymentState.Voided, (await Capture(id)).State);
    }

    [Fact]
    public async Task Voiding_after_the_capture_refunds_exactly_what_was_captured_and_once()
    {
        var id = (await Capture((await Authorize(await Create())).Id)).Id;
        var refunded = await Void(id);

        Assert.Equal(new Payment(id, PaymentState.Refunded, 4100, "USD", "chk_1", Captured: 4100, Refunded: 4100), refunded);
        Assert.Equal(refunded, await Void(id));
        Assert.Equal(refunded, await Gateway.Retrieve(id, default));
    }

    [Fact]
    public async Task Voiding_after_a_partial_refund_refunds_the_rest()
    {
        var id = (await Capture((await Authorize(await Create())).Id)).Id;
        await Provider.RefundByHand(id, 1000);
        var partly = await Gateway.Retrieve(id, default);
        var refunded = await Void(id);

        Assert.Equal((PaymentState.Captured, 1000), (partly.State, partly.Refunded));
        Assert.Equal((PaymentState.Refunded, 4100, 4100), (refunded.State, refunded.Captured, refunded.Refunded));
        Assert.Equal(refunded, await Gateway.Retrieve(id, default));
    }

    [Fact]
    public async Task Voiding_a_smaller_capture_refunds_no_more_than_that()
    {
        var id = await PaymentIn(PaymentState.Authorized);
        var captured = await Gateway.Capture(new("chk_1:1:capture", id, new(4000, "USD")), default);
        Assert.Equal((PaymentState.Captured, 4000, 0), (captured.State, captured.Captured, captured.Refunded));
        Assert.Equal(captured, await Gateway.Retrieve(id, default));

        var refunded = await Void(id);
        Assert.Equal((PaymentState.Refunded, 4000, 4000), (refunded.State, refunded.Captured, refunded.Refunded));
        Assert.Equal(refunded, await Gateway.Retrieve(id, default));
    }

    [Fact]
    public async Task A_payment_that_does_not_exist_holds_nothing()
    {
        var payment = await Void("pi_never_created");

        Assert.Equal((PaymentState.Voided, 0, 0), (payment.State, payment.Amount, payment.Captured));
    }

    [Fact]
    public async Task Refunding_gives_back_exactly_the_part_once_for_each_key_however_often_it_is_asked()
    {
        var id = await PaymentIn(PaymentState.Captured);
        var first = await Refund(id, 1000);
        await Refund(id, 500, "ref_2:1:refund");
        await Refund(id, 500, "ref_3:1:refund");

        Assert.Equal((PaymentRefundState.Succeeded, 1000, "USD"), (first.State, first.Amount, first.Currency));
        Assert.Equal(first, await Refund(id, 1000));
        Assert.Equal(first, await Gateway.FindRefund(new("ref_1:1:refund", id), default));
        Assert.Equal(2000, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Fact]
    public async Task Refunding_more_than_is_left_is_refused_and_moves_nothing()
    {
        var id = await PaymentIn(PaymentState.Captured);
        await Refund(id, 4000);

        var refused = await Refund(id, 101, "ref_2:1:refund");

        Assert.Equal(PaymentRefundState.Refused, refused.State);
        Assert.False(string.IsNullOrEmpty(refused.Reason));
        Assert.Equal(4000, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Theory]
    [InlineData(PaymentState.Created)]
    [InlineData(PaymentState.Authorized)]
    [InlineData(PaymentState.Voided)]
    public async Task Refunding_what_was_never_captured_is_refused(PaymentState state) =>
        Assert.Equal(PaymentRefundState.Refused, (await Refund(await PaymentIn(state), 100)).State);

    [Fact]
    public async Task A_refund_under_a_key_that_was_never_used_is_not_found() =>
        Assert.Equal(PaymentRefundState.None, (await Gateway.FindRefund(new("ref_1:1:refund", await PaymentIn(PaymentState.Captured)), default)).State);

    [Fact]
    public async Task Payments_are_listed_newest_first_as_the_provider_states_them()
    {
        var captured = await Create(key: "chk_1:1:create");
        await Authorize(captured, "chk_1:1:authorize");
        await Capture(captured);
        await Provider.RefundByHand(captured, 100);
        var held = await Create(key: "chk_1:2:create");
        await Authorize(held, "chk_1:2:authorize");
        var unpaid = await Create(key: "chk_1:3:create");

        var listed = await Gateway.List(DateTimeOffset.UnixEpoch, default).ToListAsync();

        IEnumerable<Payment> registered = Provider.ListsUnpaid ? [new Payment(unpaid, PaymentState.Created, 4100, "USD", "chk_1")] : [];
        Assert.Equal(
            [
                .. registered,
                new Payment(held, PaymentState.Authorized, 4100, "USD", "chk_1"),
                new Payment(captured, PaymentState.Captured, 4100, "USD", "chk_1", Captured: 4100, Refunded: 100),
            ],
            listed.Select(one => one.Payment));
        Assert.All(listed, one => Assert.InRange(one.CreatedAt.Year, 2020, 2100));
        Assert.Empty(await Gateway.List(new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero), default).ToListAsync());
    }

    [Fact]
    public async Task A_list_that_cannot_be_had_is_a_fault()
    {
        await Provider.Fail(ProviderOperations.Search, Fault.SavedHttp500);

        await Assert.ThrowsAsync<ProviderException>(async () => await Gateway.List(DateTimeOffset.UnixEpoch, default).ToListAsync());
    }

    [Fact]
    public async Task A_cancelled_call_says_so()
    {
        var id = await Create();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Gateway.Retrieve(id, cancelled.Token));
    }

    protected abstract Task<PaymentProvider> Start();

    protected async Task<string> Create(string? token = null, string key = "chk_1:1:create")
    {
        var created = await Gateway.Create(new(key, "chk_1", Total, token ?? Provider.GoodToken), default);
        Assert.Equal(CreatePaymentOutcome.Created, created.Outcome);
        return created.PaymentId!;
    }

    protected Task<Payment> Authorize(string id, string key = "chk_1:1:authorize") => Gateway.Authorize(new(key, id), default);

    protected Task<Payment> Capture(string id, string key = "chk_1:1:capture") => Gateway.Capture(new(key, id, Total), default);

    protected Task<PaymentRefund> Refund(string id, long amount, string key = "ref_1:1:refund") => Gateway.Refund(new(key, id, new(amount, "USD")), default);

    protected Task<Payment> Void(string id, string key = "chk_1:1:void") => Gateway.Void(new(key, id), default);

    protected async Task<string> PaymentIn(PaymentState state)
    {
        var id = await Create(state switch
        {
            PaymentState.Declined => Provider.DeclinedToken("insufficient_funds"),
            PaymentState.ActionRequired => Provider.ActionToken,
            _ => Provider.GoodToken,
        });
        if (state is not PaymentState.Created)
            await Authorize(id);
        if (state is PaymentState.Captured)
            await Capture(id);
        if (state is PaymentState.Voided)
            await Void(id);
        return id;
    }
}
