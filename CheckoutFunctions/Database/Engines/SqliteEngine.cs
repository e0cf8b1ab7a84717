using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Database;

/// <summary>A file, for one machine. One writer at a time.</summary>
internal sealed class SqliteEngine : SqlEngine
{
    // SQLite has one writer: waiting here, in order, beats its busy handler, which sleeps and starves.
    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly string connectionString;
    private readonly SqliteConnection? keepAlive;

    public SqliteEngine(SqliteConnectionStringBuilder builder)
    {
        (connectionString, Source) = (builder.ConnectionString, builder.DataSource);
        if (builder.Mode != SqliteOpenMode.Memory)
            return;

        // An in-memory database lives as long as its last connection.
        keepAlive = new SqliteConnection(connectionString);
        keepAlive.Open();
    }

    public override string Source { get; }

    public override async Task<DbConnection> Open(CancellationToken cancellation) => await Connect(cancellation);

    public override async Task<T> Write<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellation)
    {
        await writer.WaitAsync(cancellation);
        try
        {
            await using var connection = await Connect(cancellation);
            await using var transaction = connection.BeginTransaction();
            var result = await work(transaction);
            await transaction.CommitAsync(cancellation);
            return result;
        }
        finally
        {
            writer.Release();
        }
    }

    public override async Task Migrate(Func<DbTransaction, Task> work, CancellationToken cancellation)
    {
        // Write-ahead logging lets readers go on while one writes; the mode can't change inside a transaction.
        await using (var connection = await Connect(cancellation))
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");
        await Write(
            async transaction =>
            {
                await work(transaction);
                return true;
            },
            cancellation);
    }

    public override void Dispose()
    {
        keepAlive?.Dispose();
        writer.Dispose();
    }

    private async Task<SqliteConnection> Connect(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
