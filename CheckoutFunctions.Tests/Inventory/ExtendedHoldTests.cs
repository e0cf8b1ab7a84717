using CheckoutFunctions.Inventory;
using CheckoutFunctions.Tests.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Inventory;

/// <summary>Holds that are made to last longer, and holds that ended.</summary>
public abstract class ExtendedHoldTests(Sql sql) : IAsyncLifetime
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private TestShop shop = null!;

    public async Task InitializeAsync() => shop = await TestShop.Open(sql);

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task An_extended_hold_ends_later()
    {
        await shop.Reserve("chk_1", ("TEA", 10));

        Assert.Equal(ReservationOutcome.Held, (await Extend("chk_1", 2 * Quarter)).Outcome);
        shop.Clock.Advance(2 * Quarter - TimeSpan.FromMilliseconds(1));
        Assert.Equal(ReservationOutcome.OutOfStock, (await shop.Reserve("chk_2", ("TEA", 1))).Outcome);

        shop.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ReservationOutcome.Held, (await shop.Reserve("chk_2", ("TEA", 1))).Outcome);
    }

    [StoreFact]
    public async Task No_extension_makes_a_hold_shorter()
    {
        await shop.Reserve("chk_1", ("TEA", 10));
        await Extend("chk_1", 2 * Quarter);

        Assert.Equal(ReservationOutcome.Held, (await Extend("chk_1", TimeSpan.Zero)).Outcome);

        shop.Clock.Advance(Quarter);
        Assert.Equal(0, await shop.Stock.ExpireHolds(100, default));
    }

    [StoreFact]
    public async Task A_hold_that_ended_is_taken_again_with_its_code_where_nobody_else_has_them()
    {
        await shop.Tell("INSERT INTO discounts (code, kind, value, max_uses) VALUES ('ONCE', 'percent', 5000, 1)");
        await shop.Stock.Reserve(shop.Reservation("chk_1", ("TEA", 10), ("MUG", 2)) with { Codes = ["ONCE"] }, default);
        shop.Clock.Advance(Quarter);
        Assert.Equal(1, await shop.Stock.ExpireHolds(100, default));

        Assert.Equal(ReservationOutcome.Held, (await Extend("chk_1", Quarter)).Outcome);

        Assert.Equal(((0, 10, 0), (3, 2, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));
        Assert.Equal(ReservationOutcome.CodeLost, (await shop.Stock.Reserve(shop.Reservation("chk_2", ("MUG", 1)) with { Codes = ["ONCE"] }, default)).Outcome);
        Assert.Equal(0, await shop.Stock.ExpireHolds(100, default));
        await shop.Release("chk_1");
        Assert.Equal(((10, 0, 0), (5, 0, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));
    }

    [StoreFact]
    public async Task A_hold_whose_stock_others_took_says_what_is_missing_and_takes_nothing()
    {
        await shop.Reserve("chk_1", ("TEA", 6), ("MUG", 2));
        shop.Clock.Advance(Quarter);
        await shop.Reserve("chk_2", ("TEA", 9));

        var refused = await Extend("chk_1", Quarter);

        Assert.Equal(ReservationOutcome.OutOfStock, refused.Outcome);
        Assert.Equal([new Shortage("TEA", 6, 1)], refused.Shortages!);
        Assert.Equal(((1, 9, 0), (5, 0, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));
    }

    [StoreFact]
    public async Task What_was_released_stays_so_and_what_is_sold_too()
    {
        await shop.Reserve("chk_1", ("TEA", 1));
        await shop.Release("chk_1");
        await shop.Reserve("chk_2", ("TEA", 2));
        await shop.Place("chk_2");

        Assert.Equal(ReservationOutcome.Released, (await Extend("chk_1", Quarter)).Outcome);
        Assert.Equal(ReservationOutcome.Released, (await Extend("chk_3", Quarter)).Outcome);
        Assert.Equal(ReservationOutcome.Held, (await Extend("chk_2", Quarter)).Outcome);
        Assert.Equal((8, 0, 2), await shop.Pieces());
    }

    [StoreFact]
    public async Task A_reservation_ends_others_holds_only_where_it_needs_their_stock()
    {
        await shop.Reserve("chk_1", ("TEA", 6));
        await shop.Reserve("chk_2", ("MUG", 5));
        shop.Clock.Advance(Quarter);

        await shop.Reserve("chk_3", ("TEA", 4));
        Assert.Equal(((0, 10, 0), (0, 5, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));

        Assert.Equal(ReservationOutcome.Held, (await shop.Reserve("chk_4", ("TEA", 6))).Outcome);
        Assert.Equal(((0, 10, 0), (0, 5, 0)), (await shop.Pieces(), await shop.Pieces("MUG")));
    }

    [StoreFact]
    public async Task The_sweep_gives_back_every_hold_that_ended_and_no_other()
    {
        await shop.Tell("UPDATE stock SET free = 500 WHERE sku = 'TEA'");
        foreach (var number in Enumerable.Range(0, 120))
            await shop.Reserve($"chk_{number}", ("TEA", 1));
        shop.Clock.Advance(Quarter);
        await shop.Reserve("chk_late", ("TEA", 7));

        await new HoldSweep(shop.Stock, NullLogger<HoldSweep>.Instance).Run(new TimerInfo(), default);

        Assert.Equal((493, 7, 0), await shop.Pieces());
    }

    private Task<Reservation> Extend(string checkout, TimeSpan by) => shop.Stock.Extend(new($"{checkout}:1:hold", checkout, shop.Clock.GetUtcNow() + by), default);
}

public sealed class SqliteExtendedHoldTests() : ExtendedHoldTests(Sql.Sqlite);

public sealed class PostgresExtendedHoldTests() : ExtendedHoldTests(Sql.Postgres);
