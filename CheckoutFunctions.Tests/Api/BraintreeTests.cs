namespace CheckoutFunctions.Tests.Api;

/// <summary>The whole checkout over HTTP with Braintree as the payment provider.</summary>
public sealed class BraintreeTests : IAsyncLifetime
{
    private const string Good = "fake-valid-nonce";

    private Shop shop = null!;

    public async Task InitializeAsync() => shop = await Shop.Open(("Payments:Provider", "Braintree"), ("Braintree:TimeoutSeconds", "30"));

    public async Task DisposeAsync() => await shop.DisposeAsync();

    [Fact]
    public async Task A_buyer_pays_once_and_an_operator_gives_a_part_and_then_the_rest_back()
    {
        var ada = await shop.ReadyShopper(quantity: 2);
        var paid = (await ada.PayAndWait(Good)).Is(200);
        Assert.Equal("COMPLETED", paid.Status());
        Assert.Equal(paid.Text("order_id"), (await ada.PayAndWait(Good)).Is(200).Text("order_id"));
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
        var order = paid.Text("order_id")!;

        await Refunded(order, new { amount = 1000, reason = "a dent" });
        Assert.Equal(1000, Assert.Single(await shop.Providers.Payments(ada)).Refunded);
        await Refunded(order, new { reason = "all of it" });

        var payment = Assert.Single(await shop.Providers.Payments(ada));
        Assert.Equal(("refunded", paid.Number("grand_total")), (payment.State, payment.Refunded));
        Assert.Equal("refunded", (await ada.Order(order, ada.Secret)).Is(200).Text("status"));
        Assert.DoesNotContain(shop.LogLines, line => line.Contains(Good, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_declined_card_says_why_and_what_helps_and_another_one_pays()
    {
        var ada = await shop.ReadyShopper();

        var declined = (await ada.PayAndWait("fake-processor-declined-visa-nonce")).Refuses(402, "card_declined");

        Assert.Equal("do_not_honor", declined.Text("decline_code"));
        Assert.Contains("your bank can tell you why", declined.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("METHOD_SELECTED", (await ada.Get()).Status());
        await shop.Providers.HoldNothing(ada);
        (await ada.PayAndWait("pm_card_visa")).Refuses(422, "invalid_payment_token");
        var paid = (await ada.PayAndWait(Good)).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task When_the_last_one_is_gone_no_money_was_ever_held()
    {
        var (ada, bob) = (await shop.ReadyShopper("LAST-001"), await shop.ReadyShopper("LAST-001"));
        (await ada.PayAndWait(Good)).Is(200);

        (await bob.PayAndWait(Good)).Refuses(409, "out_of_stock", "/items/0");

        Assert.Empty(await shop.Providers.Payments(bob));
    }

    [Theory]
    [InlineData("tokencc_sandbox_2001_a", "insufficient_funds", "There is not enough money or credit on the card.")]
    [InlineData("tokencc_sandbox_2010_a", "incorrect_cvc", "check the card's security code")]
    [InlineData("tokencc_sandbox_2013_a", "stolen_card", "The card was declined. Nothing was charged; another card may work.")]
    [InlineData("fake-gateway-rejected-fraud-nonce", "fraudulent", "The card was declined. Nothing was charged; another card may work.")]
    [InlineData("tokencc_sandbox_3ds_a", "authentication_required", "confirm it with your bank")]
    public async Task What_the_buyer_can_do_stands_in_the_detail_and_in_the_session(string token, string code, string detail)
    {
        var ada = await shop.ReadyShopper();

        var declined = (await ada.PayAndWait(token)).Refuses(402, "card_declined");

        Assert.Equal(code, declined.Text("decline_code"));
        Assert.Contains(detail, declined.Text("detail"), StringComparison.Ordinal);
        var message = Assert.Single((await ada.Get())["messages"].EnumerateArray());
        Assert.Equal(declined.Text("detail"), message.GetProperty("text").GetString());
        await shop.Providers.HoldNothing(ada);
    }

    [Fact]
    public async Task A_buyer_who_cancels_while_the_card_is_asked_gets_an_end_and_no_money_is_kept()
    {
        await using var own = await Shop.Open(("Payments:Provider", "Braintree"), ("Braintree:TimeoutSeconds", "1"));
        var ada = await own.ReadyShopper();
        await own.Providers.Fail("braintree", "confirm", "timeout_before");
        var paying = ada.Pay("tokencc_sandbox_valid_a");
        await own.Providers.WereCalled("braintree.confirm");

        await Shopper.Insist(ada.Cancel);
        await paying;

        var ended = await ada.Await(session => session.Status() is "CANCELLED" or "COMPLETED");
        if (ended.Status() == "CANCELLED")
            await own.Providers.HoldNothing(ada);
        else
            await own.Providers.WerePaidOnce(ada, ended.Number("grand_total"));
    }

    [Fact]
    public async Task An_authorization_that_its_terminated_checkout_left_is_voided_by_reconciliation_and_its_stock_is_free()
    {
        await using var own = await Shop.Open(("Payments:Provider", "Braintree"), ("Braintree:TimeoutSeconds", "1"), ("Reconciliation:Schedule", "0 0 0 1 1 *"));
        var ada = await own.ReadyShopper("LAST-001");
        await own.Providers.Fail("braintree", "confirm", "timeout_after");
        await own.Providers.Fail("braintree", "retrieve", "http_500", times: 100);
        var paying = ada.Pay(Good);
        await own.Providers.WereCalled("braintree.retrieve");
        await own.Send(HttpMethod.Post, $"/runtime/webhooks/durabletask/instances/{ada.Id}/terminate?reason=by+hand&code={own.OperatorKey}");
        await paying;
        await own.Providers.Recover();
        Assert.Equal("authorized", Assert.Single(await own.Providers.Payments(ada)).State);
        own.Ahead = TimeSpan.FromMinutes(15);

        var looked = (await own.Send(HttpMethod.Get, $"/api/operations/reconciliation?code={own.OperatorKey}")).Is(200);
        var orphan = Assert.Single(looked["orphan_authorizations"].EnumerateArray());
        Assert.Equal((ada.Id, "void the payment"), (orphan.GetProperty("checkout_id").GetString(), orphan.GetProperty("deed").GetString()));
        var healed = (await own.Send(HttpMethod.Post, $"/api/operations/reconciliation?code={own.OperatorKey}")).Is(200);

        Assert.True(Assert.Single(healed["orphan_authorizations"].EnumerateArray()).GetProperty("healed").GetBoolean(), healed.Body);
        Assert.Equal("voided", Assert.Single(await own.Providers.Payments(ada)).State);
        var bob = await own.ReadyShopper("LAST-001");
        (await bob.PayAndWait(Good)).Is(200);
        await own.Providers.WerePaidOnce(bob, (await bob.Get()).Number("grand_total"));
    }

    [Theory]
    [InlineData("confirm", "timeout_before")]
    [InlineData("capture", "timeout_before")]
    [InlineData("confirm", "timeout_after")]
    [InlineData("confirm", "http_500")]
    [InlineData("confirm", "malformed")]
    [InlineData("confirm", "connection_reset")]
    [InlineData("capture", "timeout_after")]
    [InlineData("capture", "http_429")]
    [InlineData("create", "timeout_before")]
    public async Task A_call_that_fails_once_still_becomes_one_payment(string operation, string kind)
    {
        await using var own = await Shop.Open(("Payments:Provider", "Braintree"), ("Braintree:TimeoutSeconds", "1"));
        var ada = await own.ReadyShopper();
        await own.Providers.Fail("braintree", operation, kind);

        var paid = (await ada.PayAndWait(Good)).Is(200);

        await own.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    private async Task Refunded(string order, object body)
    {
        var refund = (await shop.Operate($"orders/{order}/refund", body)).Is(202);
        for (var look = 0; ; look++)
        {
            var all = (await shop.Send(HttpMethod.Get, $"/api/operations/orders/{order}/refunds?code={shop.OperatorKey}")).Is(200);
            if (all["refunds"].EnumerateArray().Single(one => one.GetProperty("refund_id").GetString() == refund.Text("refund_id")).GetProperty("status").GetString() == "refunded")
                return;
            Assert.True(look < 600, $"The refund was never made: {all.Body}");
            await Task.Delay(100);
        }
    }
}
