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
}
