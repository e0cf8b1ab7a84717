using System.Collections.Concurrent;
using CheckoutFunctions.Database;
using CheckoutFunctions.Inventory;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Simulation;

/// <summary>A world's two databases, in memory. They are lent from world to world, each time overwritten with the image of fresh ones.</summary>
internal sealed class WorldDatabases
{
    /// <summary>A discount code that is good for one order.</summary>
    public const string SingleUseCode = "ONCE50";

    private static readonly Lazy<WorldDatabases> Fresh = new(() => Migrated().GetAwaiter().GetResult(), LazyThreadSafetyMode.ExecutionAndPublication);

    private static readonly ConcurrentBag<WorldDatabases> Idle = [];

    private static readonly Lock Copying = new();

    private static int opened;

    /// <summary>Dapper compiles each statement's mapping once per connection string; ours differ in a number only.</summary>
    static WorldDatabases() => SqlMapper.ConnectionStringComparer = new Alike();

    private WorldDatabases()
    {
        var number = Interlocked.Increment(ref opened);
        Shop = new ShopDatabase(InMemory($"world-shop-{number}"));
        Sessions = new SessionDatabase(InMemory($"world-sessions-{number}"));
    }

    public ShopDatabase Shop { get; }

    public SessionDatabase Sessions { get; }

    public static WorldDatabases Rent()
    {
        var databases = Idle.TryTake(out var idle) ? idle : new WorldDatabases();
        Copy(Fresh.Value.Shop, databases.Shop);
        Copy(Fresh.Value.Sessions, databases.Sessions);
        return databases;
    }

    /// <summary>Only where nobody uses them any more.</summary>
    public void Return() => Idle.Add(this);

    private static void Copy(Database original, Database copy)
    {
        using var from = new SqliteConnection(InMemory(original.Source));
        using var to = new SqliteConnection(InMemory(copy.Source));
        from.Open();
        to.Open();
        // One at a time: a shared cache's locks don't wait.
        lock (Copying)
            from.BackupDatabase(to);
    }

    private static async Task<WorldDatabases> Migrated()
    {
        var fresh = new WorldDatabases();
        await Migrations.Apply(fresh.Shop, "Shop", TimeProvider.System);
        await Migrations.Apply(fresh.Sessions, "Sessions", TimeProvider.System);
        await DemoCatalog.Seed(fresh.Shop);
        await fresh.Shop.Write(transaction => transaction.Connection!.ExecuteAsync(
            "INSERT INTO discounts (code, kind, value, max_uses) VALUES (@SingleUseCode, 'percent', 5000, 1)", new { SingleUseCode }, transaction));
        return fresh;
    }

    private static string InMemory(string name) => $"Data Source={name};Mode=Memory;Cache=Shared";

    private sealed class Alike : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => true;

        public int GetHashCode(string obj) => 0;
    }
}
