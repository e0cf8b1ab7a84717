namespace CheckoutFunctions.Tests.Api;

public class ThreeDSecureTests(Shop shop) : IClassFixture<Shop>
{
    private const string Card = "pm_card_authenticationRequired";

    [Fact]
    public async Task The_buyer_is_sent_to_the_bank_approves_and_has_bought()
    {
        var ada = await shop.ReadyShopper();

        var asked = (await ada.Pay(Card)).Is(202);

        Assert.Equal(("ACTION_REQUIRED", "action_required"), (asked.Status(), asked.PaymentState()));
        Assert.Equal($"/api/checkout/{ada.Id}", asked.Headers["Location"]);
        Assert.True(asked.Headers.ContainsKey("Retry-After"));
        Assert.Equal("three_d_secure", asked["payment"].GetProperty("action").GetProperty("type").GetString());
        await shop.Providers.HoldNothing(ada);

        await shop.Providers.Authenticate(asked, "approve");
        var paid = (await ada.Confirm()).Is(200);

        Assert.Equal(("COMPLETED", "captured"), (paid.Status(), paid.PaymentState()));
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
        Assert.Equal(paid.Body, (await ada.Confirm()).Is(200).Body);
    }

    [Fact]
    public async Task Saying_so_without_having_done_it_asks_again()
    {
        var ada = await shop.ReadyShopper();
        var asked = (await ada.Pay(Card)).Is(202);

        Assert.Equal("ACTION_REQUIRED", (await ada.Confirm()).Is(202).Status());
        Assert.Equal("ACTION_REQUIRED", (await ada.Pay(Card)).Is(202).Status());
        (await ada.ShipTo(Shopper.NewYork)).Refuses(409, "step_not_ready");

        await shop.Providers.Authenticate(asked, "approve");
        var paid = (await ada.Confirm()).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task A_failed_authentication_is_a_decline_and_another_card_works()
    {
        var ada = await shop.ReadyShopper();
        var asked = (await ada.Pay(Card)).Is(202);
        await shop.Providers.Authenticate(asked, "fail");

        var declined = (await ada.Confirm()).Refuses(402, "card_declined");

        Assert.Equal("payment_intent_authentication_failure", declined.Text("decline_code"));
        Assert.Equal("METHOD_SELECTED", (await ada.Get()).Status());
        await shop.Providers.HoldNothing(ada);
        var paid = (await ada.Pay()).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task Cancelling_meanwhile_leaves_nothing_held_even_if_the_buyer_approves_later()
    {
        var ada = await shop.ReadyShopper("LAST-001");
        await ada.Pay(Card);

        var cancelled = (await ada.Cancel()).Is(200);

        Assert.Equal(("CANCELLED", "voided"), (cancelled.Status(), cancelled.PaymentState()));
        await shop.Providers.HoldNothing(ada);
        (await ada.Confirm()).Refuses(409, "checkout_closed");
        var bob = await shop.ReadyShopper("LAST-001");
        (await bob.Pay()).Is(200);
    }

    [Fact]
    public async Task Concurrent_confirmations_charge_once()
    {
        var ada = await shop.ReadyShopper();
        await shop.Providers.Authenticate((await ada.Pay(Card)).Is(202), "approve");

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ada.Confirm()));

        Assert.All(replies, reply => reply.Is(200));
        await shop.Providers.WerePaidOnce(ada, replies[0].Number("grand_total"));
    }
}
