using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Orders;

public abstract class OrderBookTests(Sql sql) : IAsyncLifetime
{
    private TestShop shop = null!;

    [StoreFact]
    public async Task Placing_writes_the_order_and_sells_its_hold_once()
    {
        await shop.Reserve("chk_1", ("TEA", 2));

        Assert.Equal(OrderPlacementOutcome.Placed, (await shop.Place("chk_1")).Outcome);
        Assert.Equal(OrderPlacementOutcome.Placed, (await shop.Place("chk_1")).Outcome);

        Assert.Equal((8, 0, 2), await shop.Pieces());
        Assert.Equal(1, await shop.Ask<int>("SELECT COUNT(*) FROM orders"));
    }

    [StoreFact]
    public async Task An_order_is_found_as_it_was_placed()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");

        var stored = (await shop.Orders.Find("ord_chk_1", default))!;

        Assert.Equal(OrderState.Placed, stored.State);
        Assert.Equal(Json.Write(shop.Order("chk_1")), Json.Write(stored.Order));
        Assert.Null(await shop.Orders.Find("ord_unknown", default));
    }

    [StoreFact]
    public async Task Neither_the_order_nor_the_sale_happens_without_the_other()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        var order = shop.Order("chk_1");
        var unwritable = order with { Items = [.. order.Items, .. order.Items] };

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => shop.Orders.Place(new(unwritable, "chk_1:1:hold"), default));

        Assert.Equal((8, 2, 0), await shop.Pieces());
        Assert.Null(await shop.Orders.Find("ord_chk_1", default));
    }

    [StoreFact]
    public async Task A_checkout_has_one_order()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");

        Assert.Equal(OrderPlacementOutcome.OtherOrderExists, (await shop.Place("chk_1", "ord_other")).Outcome);
        Assert.Equal((8, 0, 2), await shop.Pieces());
        Assert.Null(await shop.Orders.Find("ord_other", default));
    }

    [StoreFact]
    public async Task An_expired_hold_is_sold_all_the_same_where_its_stock_is_still_free()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await Expire();

        Assert.Equal(OrderPlacementOutcome.Placed, (await shop.Place("chk_1")).Outcome);
        Assert.Equal((8, 0, 2), await shop.Pieces());
    }

    [StoreFact]
    public async Task An_expired_hold_whose_stock_went_to_others_places_nothing()
    {
        await shop.Reserve("chk_1", ("TEA", 2), ("MUG", 5));
        await Expire();
        await shop.Reserve("chk_2", ("MUG", 1));

        Assert.Equal(OrderPlacementOutcome.HoldLost, (await shop.Place("chk_1")).Outcome);

        Assert.Equal(((10, 0, 0), (4, 1, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));
        Assert.Null(await shop.Orders.Find("ord_chk_1", default));
    }

    [StoreFact]
    public async Task Without_a_hold_or_with_a_released_one_nothing_is_placed()
    {
        Assert.Equal(OrderPlacementOutcome.HoldLost, (await shop.Place("chk_1")).Outcome);

        await shop.Reserve("chk_2", ("TEA", 2));
        await shop.Release("chk_2");

        Assert.Equal(OrderPlacementOutcome.HoldLost, (await shop.Place("chk_2")).Outcome);
        Assert.Equal((10, 0, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task A_cancelled_orders_stock_is_held_again_until_it_is_released()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");

        Assert.True(await shop.Cancel("chk_1"));
        Assert.False(await shop.Cancel("chk_1"));
        Assert.Equal((8, 2, 0), await shop.Pieces());
        Assert.Equal(OrderState.Cancelled, (await shop.Orders.Find("ord_chk_1", default))!.State);

        Assert.True(await shop.Release("chk_1"));
        Assert.Equal((10, 0, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task A_placement_that_comes_after_its_cancellation_places_nothing()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        Assert.False(await shop.Cancel("chk_1"));

        Assert.Equal(OrderPlacementOutcome.Cancelled, (await shop.Place("chk_1")).Outcome);

        Assert.Equal((8, 2, 0), await shop.Pieces());
        Assert.Equal(OrderState.Cancelled, (await shop.Orders.Find("ord_chk_1", default))!.State);
    }

    [StoreFact]
    public async Task After_a_cancelled_order_the_checkout_may_place_another()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");
        await shop.Cancel("chk_1");

        Assert.Equal(OrderPlacementOutcome.Placed, (await shop.Place("chk_1", "ord_second")).Outcome);
        Assert.Equal((8, 0, 2), await shop.Pieces());
    }

    [StoreFact]
    public async Task Of_many_orders_placed_at_once_for_one_checkout_one_is()
    {
        using var file = await TestShop.Shared(sql);
        using var another = file.AnotherProcess();
        OrderBook[] processes = [file.Orders, new OrderBook(another)];
        await file.Reserve("chk_1", ("TEA", 2));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(call =>
            Task.Run(() => processes[call % 2].Place(new(file.Order("chk_1", $"ord_{call}"), "chk_1:1:hold"), default))));

        Assert.Single(answers, answer => answer.Outcome == OrderPlacementOutcome.Placed);
        Assert.Equal(1, await file.Ask<int>("SELECT COUNT(*) FROM orders"));
        Assert.Equal((8, 0, 2), await file.Pieces());
    }

    private async Task Expire()
    {
        shop.Clock.Advance(TimeSpan.FromMinutes(15));
        await shop.Stock.ExpireHolds(100, default);
    }

    public async Task InitializeAsync() => shop = await TestShop.Open(sql);

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task A_checkout_that_was_closed_without_an_order_gets_none_and_its_stock_is_not_sold()
    {
        await shop.Reserve("chk_1", ("TEA", 2));

        Assert.Null(await shop.Orders.Close("chk_1", shop.Clock.GetUtcNow(), default));
        Assert.Null(await shop.Orders.Close("chk_1", shop.Clock.GetUtcNow(), default));

        Assert.Equal(OrderPlacementOutcome.Cancelled, (await shop.Place("chk_1")).Outcome);
        Assert.Equal((8, 2, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task Closing_a_checkout_that_has_its_order_names_it_and_leaves_it()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");

        Assert.Equal("ord_chk_1", await shop.Orders.Close("chk_1", shop.Clock.GetUtcNow(), default));

        Assert.Equal(OrderPlacementOutcome.Placed, (await shop.Place("chk_1")).Outcome);
    }
}

public sealed class SqliteOrderBookTests() : OrderBookTests(Sql.Sqlite);

public sealed class PostgresOrderBookTests() : OrderBookTests(Sql.Postgres);
