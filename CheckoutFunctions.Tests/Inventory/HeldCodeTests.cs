using CheckoutFunctions.Discounts;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Inventory;

/// <summary>Limited discount codes: a use is held with the stock, sold with it and free again with it.</summary>
public abstract class HeldCodeTests(Sql sql) : IAsyncLifetime
{
    private TestShop shop = null!;

    public async Task InitializeAsync()
    {
        shop = await TestShop.Open(sql);
        await shop.Tell($"INSERT INTO discounts (code, kind, value, max_uses) VALUES ('ONCE', 'percent', 5000, 1), ('TWICE', 'percent', 1000, 2)");
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task A_use_that_is_held_is_nobody_elses_and_holds_no_stock_for_them()
    {
        Assert.Equal(ReservationOutcome.Held, (await Reserve("chk_1", "ONCE")).Outcome);

        var refused = await Reserve("chk_2", "TWICE", "ONCE");

        Assert.Equal(ReservationOutcome.CodeLost, refused.Outcome);
        Assert.Equal([new LostCode("ONCE", "The code has been used up.")], refused.LostCodes!);
        Assert.Equal((8, 2, 0), await shop.Pieces());
        Assert.Equal("ONCE", Assert.Single((await Check("ONCE", "TWICE")).Refused).Code);
    }

    [StoreFact]
    public async Task Asking_again_under_one_hold_uses_it_once()
    {
        await Reserve("chk_1", "ONCE");

        Assert.Equal(ReservationOutcome.Held, (await Reserve("chk_1", "ONCE")).Outcome);
        Assert.Equal(1, await shop.Ask<long>("SELECT COUNT(*) FROM hold_codes"));
    }

    [StoreFact]
    public async Task A_released_hold_gives_the_use_back_and_a_sold_one_never()
    {
        await Reserve("chk_1", "ONCE");
        await shop.Release("chk_1");
        Assert.Empty((await Check("ONCE")).Refused);

        Assert.Equal(ReservationOutcome.Held, (await Reserve("chk_2", "ONCE")).Outcome);
        Assert.Equal(OrderPlacementOutcome.Placed, (await shop.Place("chk_2")).Outcome);
        shop.Clock.Advance(TimeSpan.FromDays(300));

        Assert.Equal(ReservationOutcome.CodeLost, (await Reserve("chk_3", "ONCE")).Outcome);
    }

    [StoreFact]
    public async Task A_code_for_two_orders_is_good_for_two()
    {
        ReservationOutcome[] outcomes = [(await Reserve("chk_1", "TWICE")).Outcome, (await Reserve("chk_2", "TWICE")).Outcome, (await Reserve("chk_3", "TWICE")).Outcome];

        Assert.Equal([ReservationOutcome.Held, ReservationOutcome.Held, ReservationOutcome.CodeLost], outcomes);
    }

    [StoreTheory]
    [InlineData(true, OrderPlacementOutcome.HoldLost)]
    [InlineData(false, OrderPlacementOutcome.Placed)]
    public async Task An_expired_hold_is_sold_only_where_its_code_is_still_free(bool usedMeanwhile, OrderPlacementOutcome outcome)
    {
        await Reserve("chk_1", "ONCE");
        shop.Clock.Advance(TimeSpan.FromMinutes(16));
        await shop.Stock.ExpireHolds(100, default);
        if (usedMeanwhile)
            Assert.Equal(ReservationOutcome.Held, (await Reserve("chk_2", "ONCE")).Outcome);

        Assert.Equal(outcome, (await shop.Place("chk_1")).Outcome);
    }

    [StoreFact]
    public async Task A_code_that_ended_or_was_taken_away_since_it_was_entered_no_longer_holds()
    {
        await shop.Tell($"UPDATE discounts SET ends_at = {TestShop.Start.AddMinutes(1).ToUnixTimeMilliseconds()} WHERE code = 'TWICE'");
        Assert.True(Assert.Single((await Check("TWICE")).Rules).IsLimited);
        shop.Clock.Advance(TimeSpan.FromMinutes(1));

        var refused = await Reserve("chk_1", "TWICE", "GONE");

        Assert.Equal([new LostCode("TWICE", "The code has expired."), new LostCode("GONE", "There is no such code any more.")], refused.LostCodes!);
    }

    [StoreFact]
    public async Task Of_many_checkouts_in_two_processes_one_gets_the_last_use()
    {
        using var disk = await TestShop.Shared(sql);
        await disk.Tell("INSERT INTO discounts (code, kind, value, max_uses) VALUES ('ONCE', 'percent', 5000, 1)");
        using var another = disk.AnotherProcess();
        Stock[] processes = [disk.Stock, new Stock(another, disk.Clock)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            processes[i % 2].Reserve(disk.Reservation($"chk_{i}", ("MUG", 1)) with { Codes = ["ONCE"] }, default))));

        Assert.Single(answers, answer => answer.Outcome == ReservationOutcome.Held);
        Assert.Equal((4, 1, 0), await disk.Pieces("MUG"));
    }

    private Task<Reservation> Reserve(string checkout, params string[] codes) =>
        shop.Stock.Reserve(shop.Reservation(checkout, ("TEA", 2)) with { Codes = codes }, default);

    private Task<DiscountCheck> Check(params string[] codes) => new DiscountCodes(shop.Database, shop.Clock).Check(new(codes, "USD"), default);
}

public sealed class SqliteHeldCodeTests() : HeldCodeTests(Sql.Sqlite);

public sealed class PostgresHeldCodeTests() : HeldCodeTests(Sql.Postgres);
