using CheckoutFunctions.Database;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Sessions;
using Dapper;

namespace CheckoutFunctions.Tests.Api;

/// <summary>A store stops in the middle of a crowd and comes back: no order is lost, nobody is charged twice, no piece is gone.</summary>
public sealed class StoreOutageTests
{
    private const int Buyers = 12;

    [PostgresFact]
    public async Task PostgreSQL_stops_while_a_crowd_buys()
    {
        using var server = await Postgres.Start();
        var orders = await server.Create();
        await using var shop = await Shop.Open(("Orders:ConnectionString", orders));

        await Buy(shop, async () =>
        {
            await server.Kill();
            await Task.Delay(2000);
            await server.StartAgain();
        });

        await AddsUp(shop, new(orders));
    }

    [AzuriteFact]
    public async Task Azurite_stops_while_a_crowd_buys()
    {
        using var server = await Azurite.Start();
        await using var shop = await Shop.Open(("Sessions:ConnectionString", server.NewAccount()));

        await Buy(shop, async () =>
        {
            await server.Kill();
            await Task.Delay(2000);
            await server.StartAgain();
        });

        await AddsUp(shop, new($"Data Source={Path.Combine(shop.Folder, "orders.db")};Default Timeout=30"));
    }

    /// <summary>Everybody buys in the end, whatever they have to be told on the way.</summary>
    private static async Task Buy(Shop shop, Func<Task> outage)
    {
        var buyers = await Task.WhenAll(Enumerable.Range(0, Buyers).Select(_ => shop.ReadyShopper()));
        var buying = buyers.Select(Pay).ToList();
        // Some are in the middle of it.
        await shop.Providers.WereCalled("stripe.confirm");
        await outage();
        await Task.WhenAll(buying);
        foreach (var buyer in buyers)
            await shop.Providers.WerePaidOnce(buyer, (await buyer.Get()).Is(200).Number("grand_total"));
    }

    private static async Task Pay(Shopper buyer)
    {
        for (var tap = 0; ; tap++)
        {
            Reply? reply = null;
            try
            {
                reply = await buyer.Pay();
            }
            catch (HttpRequestException) when (tap < 300)
            {
                // As a browser that lost its connection.
            }

            if (reply?.Status == 200)
                return;
            Assert.True(tap < 300, $"Still {reply?.Status} {reply?.Body}");
            Assert.True(reply is null or { Status: 202 or 503 }, $"{reply?.Status} {reply?.Body}");
            await Task.Delay(200);
        }
    }

    private static async Task AddsUp(Shop shop, ShopDatabase orders)
    {
        using (orders)
        {
            Assert.Equal(Buyers, await orders.Read(connection => connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM orders WHERE state = 'placed'")));
            Assert.Equal((1000 - Buyers, 0, Buyers), await orders.Read(connection =>
                connection.QuerySingleAsync<(long, long, long)>("SELECT free, held, sold FROM stock WHERE sku = 'TEA-100'")));
            Assert.Equal(
                (await shop.Providers.Payments()).Sum(payment => payment.Captured),
                await orders.Read(connection => connection.ExecuteScalarAsync<long>("SELECT CAST(SUM(grand_total) AS BIGINT) FROM orders WHERE state = 'placed'")));
        }
    }
}
