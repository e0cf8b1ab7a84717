using CheckoutFunctions.Database;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Sessions;
using Dapper;

namespace CheckoutFunctions.Tests.Api;

/// <summary>The same purchases on each combination of stores: nobody who buys can tell which it is.</summary>
public abstract class StoreTests
{
    private protected abstract Task<(string? Sessions, string? Orders)> Stores();

    [StoreFact]
    public async Task A_decline_three_d_secure_and_a_refund_end_in_one_order_and_its_money_back()
    {
        await using var shop = await Open(await Stores());
        var ada = await shop.ReadyShopper("TEA-100", 3);
        (await ada.Discount("WELCOME10")).Is(200);
        (await ada.Choose(Shopper.Ground)).Is(200).AddsUp();

        (await ada.Pay("pm_card_visa_chargeDeclined")).Refuses(402, "card_declined");
        await shop.Providers.HoldNothing(ada);

        var asked = (await ada.Pay("pm_card_authenticationRequired")).Is(202);
        await shop.Providers.Authenticate(asked, "approve");
        var paid = (await Shopper.Insist(ada.Confirm)).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
        Assert.Equal(paid.Text("order_id"), (await ada.Pay()).Is(200).Text("order_id"));
        var order = paid.Text("order_id")!;
        Assert.Equal("placed", (await ada.Order(order, ada.Secret)).Is(200).Text("status"));

        (await shop.Operate($"orders/{order}/refund", new { reason = "changed her mind" }, "refund")).Is(202);
        Assert.Equal("refunded", await StatusOf(shop, ada, order));
        Assert.Equal(("refunded", paid.Number("grand_total")), Assert.Single(await shop.Providers.Payments(ada), payment => payment.State != "declined") is var payment ? (payment.State, payment.Refunded) : default);
        Assert.Equal("ok", (await shop.Send(HttpMethod.Get, "/api/health")).Is(200).Text("status"));
    }

    [StoreFact]
    public async Task Taps_under_one_key_start_one_checkout_and_pay_once()
    {
        await using var shop = await Open(await Stores());
        var cart = Shopper.Cart("MUG-001", 1);
        var started = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Start(cart, "start")));
        Assert.Single(started.Select(reply => reply.Is(201).Text("checkout_id")).Distinct());

        var ada = await shop.ReadyShopper();
        var paid = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Shopper.Insist(() => ada.Pay(key: "pay"))));
        Assert.Single(paid.Select(reply => reply.Is(200).Body).Distinct());
        await shop.Providers.WerePaidOnce(ada, paid[0].Number("grand_total"));
    }

    [StoreFact]
    public async Task The_last_piece_is_sold_once()
    {
        await using var shop = await Open(await Stores());
        var buyers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.ReadyShopper("LAST-001")));

        var replies = await Task.WhenAll(buyers.Select(buyer => buyer.PayAndWait()));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Refuses(409, "out_of_stock"));
    }

    [StoreFact]
    public async Task Who_asks_to_be_forgotten_is_and_the_order_stays()
    {
        await using var shop = await Open(await Stores());
        var ada = await shop.ReadyShopper();
        (await ada.Put("customer", new { email = "ada@example.com" })).Is(200);
        var order = (await ada.PayAndWait()).Is(200).Text("order_id")!;

        Reply erased;
        for (var ask = 0; ; ask++)
        {
            // Its orchestration ends a moment after the answer, and is let be for a while.
            shop.Ahead += TimeSpan.FromMinutes(15);
            erased = await shop.Operate("customers/erase", new { email = "ada@example.com" });
            if (erased.Status != 202 || ask == 20)
                break;
            await Task.Delay(200);
        }

        Assert.Equal((1, 1), (erased.Is(200).Number("checkouts"), erased.Number("orders")));
        Assert.True((await ada.Get()).Is(200).IsNull("customer"));
        var stays = (await ada.Order(order, ada.Secret)).Is(200);
        Assert.Equal((true, "placed", "1 Main St"), (stays.IsNull("email"), stays.Text("status"), stays["shipping_address"].GetProperty("line1").GetString()));
    }

    private protected static Task<Shop> Open((string? Sessions, string? Orders) stores) => Shop.Open(
        [.. new[] { ("Sessions:ConnectionString", stores.Sessions), ("Orders:ConnectionString", stores.Orders) }.Where(setting => setting.Item2 is not null).Select(setting => (setting.Item1, setting.Item2!))]);

    private static async Task<string?> StatusOf(Shop shop, Shopper ada, string order)
    {
        for (var look = 0; ; look++)
        {
            var status = (await ada.Order(order, ada.Secret)).Is(200).Text("status");
            if (status == "refunded" || look == 300)
                return status;
            await Task.Delay(100);
        }
    }
}

public sealed class EmbeddedStoreTests : StoreTests
{
    private protected override Task<(string? Sessions, string? Orders)> Stores() => Task.FromResult<(string?, string?)>((null, null));
}

public sealed class AzuriteStoreTests : StoreTests
{
    private protected override async Task<(string? Sessions, string? Orders)> Stores() => (await Azurite.NewSharedAccount(), null);
}

public sealed class PostgresAndAzuriteStoreTests : StoreTests
{
    private protected override async Task<(string? Sessions, string? Orders)> Stores() => (await Azurite.NewSharedAccount(), await Postgres.NewDatabase());
}

public sealed class PostgresAloneStoreTests : StoreTests
{
    private protected override async Task<(string? Sessions, string? Orders)> Stores() => (await Postgres.NewDatabase(), await Postgres.NewDatabase());
}
