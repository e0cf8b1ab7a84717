using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Tests.Database;

public abstract class MigrationTests(Sql sql)
{
    [StoreFact]
    public async Task Applying_again_changes_nothing()
    {
        using var shop = await TestShop.Open(sql);
        await shop.Reserve("chk_1", ("TEA", 3));
        shop.Clock.Advance(TimeSpan.FromDays(1));

        await Migrations.Apply(shop.Database, "Shop", shop.Clock);

        Assert.Equal((7, 3, 0), await shop.Pieces());
        Assert.Equal(TestShop.Start.ToUnixTimeMilliseconds(), await shop.Ask<long>("SELECT MAX(applied_at) FROM schema_versions"));
    }

    [StoreFact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_alone()
    {
        using var shop = await TestShop.Open(sql);
        await shop.Tell("INSERT INTO schema_versions (version, applied_at) VALUES (9000, 0)");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrations.Apply(shop.Database, "Shop", shop.Clock));

        Assert.StartsWith("The Shop database is at schema version 9000, newer than this program's", refused.Message, StringComparison.Ordinal);
        Assert.Equal(9000, await shop.Ask<int>("SELECT MAX(version) FROM schema_versions"));
    }

    [StoreFact]
    public async Task Processes_that_start_together_apply_each_script_once()
    {
        using var shop = await TestShop.Empty(sql);
        var processes = Enumerable.Range(0, 5).Select(_ => shop.AnotherProcess()).ToList();

        await Task.WhenAll(processes.Select(process => Task.Run(() => Migrations.Apply(process, "Shop", shop.Clock))));

        Assert.Equal(1, await shop.Ask<int>("SELECT COUNT(*) FROM schema_versions WHERE version = 1"));
        Assert.Equal(0, await shop.Ask<int>("SELECT COUNT(*) FROM orders"));
        processes.ForEach(process => process.Dispose());
    }

    [StoreFact]
    public async Task A_script_that_fails_leaves_the_schema_as_it_was()
    {
        using var shop = await TestShop.Empty(sql);
        await shop.Tell("CREATE TABLE orders (mine TEXT)");

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Migrations.Apply(shop.Database, "Shop", shop.Clock));

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => shop.Ask<long>("SELECT COUNT(*) FROM products"));
        Assert.Equal(0, await shop.Ask<int>("SELECT COUNT(*) FROM orders"));
    }

    [StoreFact]
    public async Task A_transaction_that_fails_leaves_nothing()
    {
        using var shop = await TestShop.Open(sql);

        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Database.Write<int>(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync("UPDATE stock SET free = 0", transaction: transaction);
            throw new InvalidOperationException("The process has had enough.");
        }));

        Assert.Equal((10, 0, 0), await shop.Pieces());
    }
}

public sealed class SqliteMigrationTests() : MigrationTests(Sql.Sqlite);

public sealed class PostgresMigrationTests() : MigrationTests(Sql.Postgres);
