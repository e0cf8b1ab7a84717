using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>What a gateway does besides whose payments may require something of the buyer after they were created: 3-D Secure.</summary>
public abstract class PaymentActionContract : PaymentFaultContract
{
    [Fact]
    public async Task Required_action_comes_with_what_the_buyer_needs_for_it()
    {
        var payment = await Authorize(await Create(Provider.ActionToken));

        Assert.Equal(PaymentState.ActionRequired, payment.State);
        Assert.Equal("three_d_secure", payment.Action!.Type);
        Assert.True(payment.Action.ClientSecret is not null || payment.Action.Url is not null);
        Assert.Equal(0, payment.Captured);
    }

    [Theory]
    [InlineData(true, PaymentState.Authorized)]
    [InlineData(false, PaymentState.Declined)]
    public async Task After_the_action_asking_again_tells_how_it_ended(bool passed, PaymentState ended)
    {
        var id = await Create(Provider.ActionToken);
        await Authorize(id);
        await Provider.FinishAction(id, passed);

        var payment = await Authorize(id);
        Assert.Equal(ended, payment.State);
        Assert.Null(payment.Action);
        Assert.Equal(payment, await Gateway.Retrieve(id, default));
    }

    [Fact]
    public Task Voiding_while_an_action_is_required_ends_the_payment_for_good() => Voiding_before_the_capture_ends_the_payment_for_good(PaymentState.ActionRequired);
}
