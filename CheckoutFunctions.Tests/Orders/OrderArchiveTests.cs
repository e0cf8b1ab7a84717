using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Orders;

public abstract class OrderArchiveTests(Sql sql) : IAsyncLifetime
{
    private TestShop shop = null!;

    private OrderArchive Archive => new(shop.Database);

    [StoreFact]
    public async Task An_order_keeps_what_opens_it_and_who_taxed_it()
    {
        Assert.Null((await shop.Orders.Find("ord_chk_1", default))!.Kept);

        await Archive.Keep("ord_chk_1", "hash", "taxjar", default);

        Assert.Equal(new KeptOfCheckout("hash", "taxjar"), (await shop.Orders.Find("ord_chk_1", default))!.Kept);
        Assert.Null((await shop.Orders.Find("ord_chk_2", default))!.Kept);
    }

    [StoreFact]
    public async Task Orders_are_found_by_their_checkout_their_ids_and_their_customers_address_in_any_case()
    {
        await shop.Cancel("chk_2");

        Assert.Equal([new("ord_chk_1", "chk_1", "placed")], await Archive.Of("chk_1", default));
        Assert.Equal([false], (await Archive.Of("chk_2", default)).Select(order => order.Counts));
        Assert.Equal(["ord_chk_1", "ord_chk_2"], (await Archive.OfCustomer("ADA@Example.com", default)).Select(order => order.OrderId));
        Assert.Equal(["ord_chk_2"], (await Archive.Named(["ord_chk_2", "ord_unknown"], default)).Select(order => order.OrderId));
        Assert.Empty(await Archive.Of("chk_3", default));
        Assert.Empty(await Archive.OfCustomer("%", default));
    }

    [StoreFact]
    public async Task An_erased_order_keeps_the_name_and_the_street_that_its_invoice_needs_unless_they_are_asked_for()
    {
        await Archive.Erase("ord_chk_1", address: false, default);
        var kept = (await shop.Orders.Find("ord_chk_1", default))!.Order;
        Assert.Equal((null, "Ada", "1 Main St"), (kept.Email, kept.ShipTo.Name, kept.ShipTo.Line1));

        await Archive.Erase("ord_chk_1", address: true, default);

        var erased = (await shop.Orders.Find("ord_chk_1", default))!.Order;
        Assert.Equal(new Address(null, OrderArchive.Erased, null, null, "CA", "90210", "US"), erased.ShipTo);
        Assert.Equal(Json.Write(shop.Order("chk_1") with { Email = null, ShipTo = erased.ShipTo }), Json.Write(erased));
        Assert.Equal("ada@example.com", (await shop.Orders.Find("ord_chk_2", default))!.Order.Email);
    }

    [StoreFact]
    public async Task Of_an_order_that_was_cancelled_nothing_needs_to_be_kept()
    {
        await shop.Cancel("chk_2");

        await Archive.Erase("ord_chk_2", address: false, default);

        var erased = (await shop.Orders.Find("ord_chk_2", default))!.Order;
        Assert.Equal((null, null, OrderArchive.Erased), (erased.Email, erased.ShipTo.Name, erased.ShipTo.Line1));
    }

    public async Task InitializeAsync()
    {
        shop = await TestShop.Open(sql);
        foreach (var checkout in new[] { "chk_1", "chk_2" })
        {
            await shop.Reserve(checkout, ("TEA", 2));
            await shop.Place(checkout);
        }
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class SqliteOrderArchiveTests() : OrderArchiveTests(Sql.Sqlite);

public sealed class PostgresOrderArchiveTests() : OrderArchiveTests(Sql.Postgres);
