using CheckoutFunctions.Inventory;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Inventory;

public abstract class StockTests(Sql sql) : IAsyncLifetime
{
    private TestShop shop = null!;

    [StoreFact]
    public async Task All_lines_are_held_or_none()
    {
        var refused = await shop.Reserve("chk_1", ("TEA", 2), ("MUG", 6));

        Assert.Equal(ReservationOutcome.OutOfStock, refused.Outcome);
        Assert.Equal([new Shortage("MUG", 6, 5)], refused.Shortages!);
        Assert.Equal((10, 0, 0), await shop.Pieces());

        Assert.Equal(ReservationOutcome.Held, (await shop.Reserve("chk_2", ("TEA", 2), ("MUG", 5))).Outcome);
        Assert.Equal(((8, 2, 0), (0, 5, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));
    }

    [StoreFact]
    public async Task A_checkout_that_was_refused_may_ask_again_once_there_is_stock()
    {
        await shop.Reserve("chk_1", ("TEA", 10));
        Assert.Equal(ReservationOutcome.OutOfStock, (await shop.Reserve("chk_2", ("TEA", 1))).Outcome);

        await shop.Release("chk_1");

        Assert.Equal(ReservationOutcome.Held, (await shop.Reserve("chk_2", ("TEA", 1))).Outcome);
    }

    [StoreFact]
    public async Task The_same_key_holds_once()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        Assert.Equal(ReservationOutcome.Held, (await shop.Reserve("chk_1", ("TEA", 2))).Outcome);

        Assert.Equal((8, 2, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task Sold_goods_come_back_once_and_never_more_than_were_sold()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");

        Assert.True(await shop.Stock.Restock(new("ref_1:restock", [new("TEA", 1)]), default));
        Assert.False(await shop.Stock.Restock(new("ref_1:restock", [new("TEA", 1)]), default));
        Assert.Equal((9, 0, 1), await shop.Pieces());

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => shop.Stock.Restock(new("ref_2:restock", [new("TEA", 2)]), default));
        Assert.Equal((9, 0, 1), await shop.Pieces());
    }

    [StoreFact]
    public async Task A_price_that_is_no_longer_the_quoted_one_holds_nothing()
    {
        await shop.Tell("UPDATE products SET unit_price = 1300 WHERE sku = 'TEA'");

        var refused = await shop.Reserve("chk_1", ("TEA", 1), ("MUG", 1));

        Assert.Equal(ReservationOutcome.PriceChanged, refused.Outcome);
        Assert.Equal([new PriceChange("TEA", 1250, 1300)], refused.PriceChanges!);
        Assert.Equal((5, 0, 0), await shop.Pieces("MUG"));
    }

    [StoreFact]
    public async Task What_the_shop_does_not_have_is_out_of_stock()
    {
        var refused = await shop.Reserve("chk_1", ("NONE", 1));

        Assert.Equal([new Shortage("NONE", 1, 0)], refused.Shortages!);
    }

    [StoreFact]
    public async Task A_release_gives_the_stock_back_once()
    {
        await shop.Reserve("chk_1", ("TEA", 2), ("MUG", 1));

        Assert.True(await shop.Release("chk_1"));
        Assert.False(await shop.Release("chk_1"));

        Assert.Equal(((10, 0, 0), (5, 0, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));
    }

    [StoreFact]
    public async Task A_reservation_that_comes_after_its_release_takes_nothing()
    {
        Assert.False(await shop.Release("chk_1"));

        Assert.Equal(ReservationOutcome.Released, (await shop.Reserve("chk_1", ("TEA", 2))).Outcome);
        Assert.Equal((10, 0, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task A_hold_that_nobody_paid_in_time_frees_its_stock_for_the_next_buyer()
    {
        await shop.Reserve("chk_1", ("TEA", 10));
        shop.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(ReservationOutcome.OutOfStock, (await shop.Reserve("chk_2", ("TEA", 1))).Outcome);

        shop.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(ReservationOutcome.Held, (await shop.Reserve("chk_2", ("TEA", 10))).Outcome);
        Assert.Equal((0, 10, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task An_expired_hold_is_given_back_once_and_its_key_holds_nothing_again()
    {
        await shop.Reserve("chk_1", ("TEA", 3));
        shop.Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(1, await shop.Stock.ExpireHolds(100, default));
        Assert.Equal(0, await shop.Stock.ExpireHolds(100, default));
        Assert.False(await shop.Release("chk_1"));

        Assert.Equal(ReservationOutcome.Released, (await shop.Reserve("chk_1", ("TEA", 3))).Outcome);
        Assert.Equal((10, 0, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task What_is_sold_is_not_released_or_expired()
    {
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");
        shop.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, await shop.Stock.ExpireHolds(100, default));
        Assert.False(await shop.Release("chk_1"));
        Assert.Equal(ReservationOutcome.Held, (await shop.Reserve("chk_1", ("TEA", 2))).Outcome);

        Assert.Equal((8, 0, 2), await shop.Pieces());
    }

    /// <summary>Whatever happens in whatever order: the pieces are all there, and as many are held and sold as the holds say.</summary>
    [StoreFact]
    public async Task No_piece_is_ever_lost_or_found()
    {
        var random = new Random(20300101);
        for (var step = 0; step < 1000; step++)
        {
            var checkout = $"chk_{random.Next(8)}:{step / 100}";
            await (random.Next(6) switch
            {
                0 or 1 => (Task)shop.Reserve(checkout, ("TEA", random.Next(1, 5)), ("MUG", random.Next(1, 3))),
                2 => shop.Release(checkout),
                3 => shop.Place(checkout),
                4 => shop.Cancel(checkout),
                _ => Wait(TimeSpan.FromMinutes(random.Next(6))),
            });

            var (free, held, sold) = await shop.Pieces();
            Assert.True(free >= 0 && held >= 0 && sold >= 0 && free + held + sold == 10, $"Step {step}: {free} free, {held} held, {sold} sold.");
            Assert.Equal(held, await shop.Ask<long>("SELECT COALESCE(SUM(quantity), 0) FROM hold_lines JOIN holds USING (hold_key) WHERE sku = 'TEA' AND state = 'held'"));
            Assert.Equal(sold, await shop.Ask<long>("SELECT COALESCE(SUM(quantity), 0) FROM hold_lines JOIN holds USING (hold_key) WHERE sku = 'TEA' AND state = 'sold'"));
        }
    }

    private Task Wait(TimeSpan time)
    {
        shop.Clock.Advance(time);
        return Task.CompletedTask;
    }

    public async Task InitializeAsync() => shop = await TestShop.Open(sql);

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class SqliteStockTests() : StockTests(Sql.Sqlite);

public sealed class PostgresStockTests() : StockTests(Sql.Postgres);
