using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Tests.Database;

/// <summary>What becomes of work on a PostgreSQL server that fails.</summary>
public sealed class PostgresFaultTests
{
    [PostgresFact]
    public async Task A_server_that_is_gone_is_a_store_that_cannot_be_used_now_and_is_found_again()
    {
        using var server = await Postgres.Start();
        using var database = new ShopDatabase(await server.Create());
        await Count(database, "CREATE TABLE things (id BIGINT PRIMARY KEY)");
        await Count(database, "INSERT INTO things VALUES (1)");

        await server.Kill();
        Assert.True(StoreFault.IsUnavailable(await Record.ExceptionAsync(() => Count(database, "INSERT INTO things VALUES (2)"))));
        Assert.True(StoreFault.IsUnavailable(await Record.ExceptionAsync(() => Things(database))));

        await server.StartAgain();
        // Connections from before are found to be broken one by one.
        while (await Record.ExceptionAsync(() => Count(database, "INSERT INTO things VALUES (3)")) is { } broken)
            Assert.True(StoreFault.IsUnavailable(broken));
        Assert.Equal([1, 3], await Things(database));
    }

    [PostgresFact]
    public async Task A_statement_that_is_wrong_is_not_a_store_that_cannot_be_used()
    {
        using var database = new ShopDatabase(await Postgres.NewDatabase());

        Assert.False(StoreFault.IsUnavailable(await Record.ExceptionAsync(() => Count(database, "INSERT INTO nowhere VALUES (1)"))));
    }

    [PostgresFact]
    public async Task Writers_that_read_what_others_change_are_run_again_until_each_has_seen_the_other()
    {
        using var database = new ShopDatabase(await Postgres.NewDatabase());
        await Count(database, "CREATE TABLE things (id BIGINT PRIMARY KEY)");
        await Count(database, "INSERT INTO things VALUES (0)");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => database.Write(async transaction =>
        {
            var most = await transaction.Connection!.ExecuteScalarAsync<long>("SELECT MAX(id) FROM things", transaction: transaction);
            return await transaction.Connection!.ExecuteAsync("INSERT INTO things VALUES (@id)", new { id = most + 1 }, transaction);
        })));

        Assert.Equal(Enumerable.Range(0, 51).Select(id => (long)id), await Things(database));
    }

    private static Task<int> Count(ShopDatabase database, string sql) =>
        database.Write(transaction => transaction.Connection!.ExecuteAsync(sql, transaction: transaction));

    private static Task<List<long>> Things(ShopDatabase database) =>
        database.Read(async connection => (await connection.QueryAsync<long>("SELECT id FROM things ORDER BY id")).ToList());
}
