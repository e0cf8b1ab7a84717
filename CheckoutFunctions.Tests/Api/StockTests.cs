namespace CheckoutFunctions.Tests.Api;

public class StockTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task The_last_one_is_sold_once_and_nobody_else_pays()
    {
        var shoppers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.ReadyShopper("LAST-001")));

        var replies = await Task.WhenAll(shoppers.Select(shopper => shopper.Pay()));

        var paid = Assert.Single(replies, reply => reply.Status == 200);
        Assert.Equal("COMPLETED", paid.Status());
        foreach (var (shopper, reply) in shoppers.Zip(replies).Where(pair => pair.Second.Status != 200))
        {
            reply.Refuses(409, "out_of_stock", "/items/0");
            Assert.Contains("LAST-001", reply["errors"][0].GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal("METHOD_SELECTED", (await shopper.Get()).Status());
            await shop.Providers.HoldNothing(shopper);
        }

        await shop.Providers.WerePaidOnce(shoppers[Array.IndexOf(replies, paid)], paid.Number("grand_total"));
    }

    [Fact]
    public async Task What_is_sold_out_is_refused_with_its_line()
    {
        var ada = await shop.ReadyShopper("GONE-000", 2);

        (await ada.Pay()).Refuses(409, "out_of_stock", "/items/0");

        Assert.Equal("METHOD_SELECTED", (await ada.Get()).Status());
        await shop.Providers.HoldNothing(ada);
    }

    /// <summary>As after an outage that outlasted the hold.</summary>
    [Fact]
    public async Task A_hold_that_ended_and_was_sold_to_somebody_else_is_never_charged()
    {
        await using var small = await Shop.Open();
        var (ada, bob) = (await small.ReadyShopper("LAST-001"), await small.ReadyShopper("LAST-001"));
        var asked = (await ada.Pay("pm_card_authenticationRequired")).Is(202);
        (await bob.Pay()).Refuses(409, "out_of_stock");
        await small.Shopkeep("UPDATE holds SET expires_at = 0 WHERE state = 'held'");
        var sold = (await bob.Pay()).Is(200);

        await small.Providers.Authenticate(asked, "approve");
        (await Shopper.Insist(ada.Confirm)).Refuses(409, "out_of_stock");

        await small.Providers.WerePaidOnce(bob, sold.Number("grand_total"));
        await small.Providers.HoldNothing(ada);
        Assert.Equal("METHOD_SELECTED", (await ada.Get()).Status());
    }

    [Fact]
    public async Task A_hold_is_extended_for_the_wait_at_the_bank_and_gone_with_it()
    {
        await using var small = await Shop.Open();
        var ada = await small.ReadyShopper("LAST-001");
        var before = DateTimeOffset.UtcNow;
        (await ada.Pay("pm_card_authenticationRequired")).Is(202);

        // It is extended beside the answer.
        var ends = default(DateTimeOffset);
        for (var look = 0; ends < before.AddMinutes(29); look++)
        {
            Assert.True(look < 1000, $"The hold still ends at {ends}.");
            await Task.Delay(10);
            ends = DateTimeOffset.FromUnixTimeMilliseconds(await small.Ask<long>("orders.db", "SELECT expires_at FROM holds WHERE state = 'held'"));
        }

        (await ada.Cancel()).Is(200);
        Assert.Equal(1, await small.Ask<long>("orders.db", "SELECT free FROM stock WHERE sku = 'LAST-001'"));
    }
}
