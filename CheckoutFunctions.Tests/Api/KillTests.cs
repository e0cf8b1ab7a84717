namespace CheckoutFunctions.Tests.Api;

/// <summary>kill -9 in the middle of a payment: after a restart the checkout goes on, and nobody pays twice or without an order.</summary>
public class KillTests
{
    [Theory]
    [InlineData("create", "timeout_before")]
    [InlineData("create", "timeout_after")]
    [InlineData("confirm", "timeout_before")]
    [InlineData("confirm", "timeout_after")]
    [InlineData("capture", "timeout_before")]
    [InlineData("capture", "timeout_after")]
    public async Task Killed_while_it_waits_for_Stripe_the_payment_is_finished_after_the_restart(string operation, string kind)
    {
        await using var shop = await ShopProcess.Start();
        var ada = await shop.ReadyShopper("LAST-001");
        await shop.Providers.Fail("stripe", operation, kind);
        var pay = Attempt(() => ada.Pay(key: "pay-1"));
        await shop.Providers.WereCalled($"stripe.{operation}");

        await shop.KillAndRestart();

        Assert.Null(await pay);
        // By itself: nobody asks for it again.
        var session = await ada.Await(session => session.Status() is "COMPLETED" or "METHOD_SELECTED");
        Assert.Equal("COMPLETED", session.Status());
        await IsPaidOnce(shop, ada, session);
        Assert.Equal(session.Body, (await ada.Pay(key: "pay-1")).Is(200).Body);
    }

    [Fact]
    public async Task Killed_at_any_moment_the_buyer_who_asks_again_has_paid_once()
    {
        await using var shop = await ShopProcess.Start();
        var chance = new Random();
        for (var round = 0; round < 4; round++)
        {
            var ada = await shop.ReadyShopper();
            var moment = TimeSpan.FromMilliseconds(chance.NextDouble() * 80);
            var pay = Attempt(() => ada.Pay(key: "pay-1"));
            await Task.Delay(moment);

            await shop.KillAndRestart();

            await pay;
            var paid = await ada.PayAndWait(key: "pay-1");
            Assert.True(paid.Status == 200, $"Killed after {moment.TotalMilliseconds} ms: {paid}");
            await IsPaidOnce(shop, ada, paid);
        }
    }

    [Fact]
    public async Task Killed_again_and_again_it_still_ends_well()
    {
        await using var shop = await ShopProcess.Start();
        var ada = await shop.ReadyShopper();
        foreach (var operation in new[] { "create", "confirm", "capture" })
            await shop.Providers.Fail("stripe", operation, "timeout_after");
        var pay = Attempt(() => ada.Pay(key: "pay-1"));
        foreach (var operation in new[] { "create", "confirm", "capture" })
        {
            await shop.Providers.WereCalled($"stripe.{operation}");
            await shop.KillAndRestart();
        }

        Assert.Null(await pay);
        await IsPaidOnce(shop, ada, await ada.Await(session => session.Status() == "COMPLETED"));
    }

    [Fact]
    public async Task Killed_while_it_gives_money_back_it_goes_on_giving_it_back()
    {
        await using var shop = await ShopProcess.Start();
        var ada = await shop.ReadyShopper("LAST-001");
        (await ada.Pay("pm_card_authenticationRequired")).Is(202);
        await shop.Providers.Fail("stripe", "cancel", "timeout_before");
        var cancel = Attempt(ada.Cancel);
        await shop.Providers.WereCalled("stripe.cancel");

        await shop.KillAndRestart();

        Assert.Null(await cancel);
        await ada.Await(session => session.Status() == "CANCELLED");
        await shop.Providers.HoldNothing(ada);
        var bob = await shop.ReadyShopper("LAST-001");
        (await bob.Pay()).Is(200);
    }

    private static async Task IsPaidOnce(ShopProcess shop, Shopper shopper, Reply session)
    {
        Assert.Equal("COMPLETED", session.Status());
        var order = (await shopper.Order(session.Text("order_id")!, shopper.Secret)).Is(200);
        Assert.Equal(session.Number("grand_total"), order.Number("grand_total"));
        await shop.Providers.WerePaidOnce(shopper, session.Number("grand_total"));
    }

    /// <summary>The answer, or null where the process was killed before it came.</summary>
    private static async Task<Reply?> Attempt(Func<Task<Reply>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
