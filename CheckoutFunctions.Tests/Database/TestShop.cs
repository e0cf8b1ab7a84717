using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using Dapper;

namespace CheckoutFunctions.Tests.Database;

/// <summary>A shop's database of its own with ten teas (1250 each) and five mugs (1800); in memory, or in a file that several processes share.</summary>
internal sealed class TestShop : IDisposable
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static int count;

    private readonly DirectoryInfo? folder;

    private readonly string connectionString;

    private TestShop(string connectionString, DirectoryInfo? folder = null)
    {
        (this.connectionString, this.folder) = (connectionString, folder);
        Database = new ShopDatabase(connectionString);
        Stock = new Stock(Database, Clock);
        Orders = new OrderBook(Database);
    }

    public ManualTimeProvider Clock { get; } = new(Start);

    public ShopDatabase Database { get; }

    public Stock Stock { get; }

    public OrderBook Orders { get; }

    public static Task<TestShop> InMemory() => Filled(new($"Data Source=test-shop-{Interlocked.Increment(ref count)};Mode=Memory;Cache=Shared"));

    public static Task<TestShop> OnDisk() => Filled(EmptyOnDisk());

    /// <summary>In a database of its own.</summary>
    public static async Task<TestShop> Open(Sql sql) => sql == Sql.Postgres ? await Filled(new(await Postgres.NewDatabase())) : await InMemory();

    /// <summary>… that another process can open, too.</summary>
    public static Task<TestShop> Shared(Sql sql) => sql == Sql.Postgres ? Open(sql) : OnDisk();

    /// <summary>… and has no tables yet.</summary>
    public static async Task<TestShop> Empty(Sql sql) => sql == Sql.Postgres ? new(await Postgres.NewDatabase()) : EmptyOnDisk();

    /// <summary>The same database through connections and a writers' queue of its own, as another process has them.</summary>
    public ShopDatabase AnotherProcess() => new(connectionString);

    /// <summary>A reservation of <paramref name="lines"/> that lasts a quarter of an hour.</summary>
    public ReserveInventory Reservation(string checkout, params (string Sku, int Quantity)[] lines) => new(
        $"{checkout}:1:hold", checkout, [.. lines.Select(line => new HoldLine(line.Sku, line.Quantity, line.Sku == "TEA" ? 1250 : 1800))], Clock.GetUtcNow().AddMinutes(15));

    public Task<Reservation> Reserve(string checkout, params (string Sku, int Quantity)[] lines) => Stock.Reserve(Reservation(checkout, lines), default);

    public Task<bool> Release(string checkout) => Stock.Release(new($"{checkout}:1:hold", checkout), default);

    public Task<OrderPlacement> Place(string checkout, string? orderId = null) => Orders.Place(new(Order(checkout, orderId), $"{checkout}:1:hold"), default);

    public Task<bool> Cancel(string checkout, string? orderId = null) => Orders.Cancel(new(Order(checkout, orderId), $"{checkout}:1:hold"), default);

    public Order Order(string checkout, string? orderId = null) => new(
        orderId ?? $"ord_{checkout}", checkout, "USD", [new LineItem("TEA", "Assam tea", 2, 1250, null, 0)], 2500, 250, 1000, 850, 4100, "ada@example.com",
        new Address("Ada", "1 Main St", null, "Beverly Hills", "CA", "90210", "US"), "FedEx_Ground", "pi_1", Start);

    public async Task<(long Free, long Held, long Sold)> Pieces(string sku = "TEA") => await Database.Read(connection =>
        connection.QuerySingleAsync<(long, long, long)>("SELECT free, held, sold FROM stock WHERE sku = @sku", new { sku }));

    public Task<T?> Ask<T>(string sql) => Database.Read(connection => connection.ExecuteScalarAsync<T>(sql));

    public Task Tell(string sql) => Database.Write(transaction => transaction.Connection!.ExecuteAsync(sql, transaction: transaction));

    public void Dispose()
    {
        Database.Dispose();
        folder?.Delete(recursive: true);
    }

    private static TestShop EmptyOnDisk()
    {
        var folder = Directory.CreateTempSubdirectory("test-shop-");
        return new($"Data Source={Path.Combine(folder.FullName, "orders.db")};Pooling=False", folder);
    }

    private static async Task<TestShop> Filled(TestShop shop)
    {
        await Migrations.Apply(shop.Database, "Shop", shop.Clock);
        await shop.Tell(
            """
            INSERT INTO products (sku, name, currency, unit_price, weight_grams) VALUES ('TEA', 'Assam tea', 'USD', 1250, 120), ('MUG', 'Mug', 'USD', 1800, 380);
            INSERT INTO stock (sku, free) VALUES ('TEA', 10), ('MUG', 5)
            """);
        return shop;
    }
}
