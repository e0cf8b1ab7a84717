using CheckoutFunctions.Inventory;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Inventory;

/// <summary>On a file, through two processes' connections: the database itself must keep them apart.</summary>
public abstract class StockConcurrencyTests(Sql sql)
{
    [StoreFact]
    public async Task A_hundred_buyers_of_ten_pieces_get_ten()
    {
        using var shop = await TestShop.Shared(sql);
        using var another = shop.AnotherProcess();
        Stock[] processes = [shop.Stock, new Stock(another, shop.Clock)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(buyer =>
            Task.Run(() => processes[buyer % 2].Reserve(shop.Reservation($"chk_{buyer}", ("TEA", 1)), default))));

        Assert.Equal(10, answers.Count(answer => answer.Outcome == ReservationOutcome.Held));
        Assert.Equal(90, answers.Count(answer => answer.Outcome == ReservationOutcome.OutOfStock));
        Assert.Equal((0, 10, 0), await shop.Pieces());
    }

    [StoreFact]
    public async Task One_buyer_asking_many_times_at_once_holds_once()
    {
        using var shop = await TestShop.Shared(sql);
        using var another = shop.AnotherProcess();
        Stock[] processes = [shop.Stock, new Stock(another, shop.Clock)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(call =>
            Task.Run(() => processes[call % 2].Reserve(shop.Reservation("chk_1", ("TEA", 2)), default))));

        Assert.All(answers, answer => Assert.Equal(ReservationOutcome.Held, answer.Outcome));
        Assert.Equal((8, 2, 0), await shop.Pieces());
    }
}

public sealed class SqliteStockConcurrencyTests() : StockConcurrencyTests(Sql.Sqlite);

public sealed class PostgresStockConcurrencyTests() : StockConcurrencyTests(Sql.Postgres);
