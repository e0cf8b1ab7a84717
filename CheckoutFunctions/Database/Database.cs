using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Database;

/// <summary>One SQL database. Writes run one after another in transactions of their own; reads see the last committed state.</summary>
public abstract class Database(string connectionString) : IDisposable
{
    // SQLite has one writer: waiting here, in order, beats its busy handler, which sleeps and starves.
    private readonly SemaphoreSlim writer = new(1, 1);

    private readonly SqliteConnection? keepAlive = KeepAlive(connectionString);

    /// <summary>The file, for messages.</summary>
    public string Source { get; } = new SqliteConnectionStringBuilder(connectionString).DataSource;

    /// <summary>Runs <paramref name="work"/> in one transaction: everything in it happens, or nothing.</summary>
    public async Task<T> Write<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellation = default)
    {
        await writer.WaitAsync(cancellation);
        try
        {
            await using var connection = await Open(cancellation);
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

    public async Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellation = default)
    {
        await using var connection = await Open(cancellation);
        return await work(connection);
    }

    public void Dispose()
    {
        keepAlive?.Dispose();
        writer.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<SqliteConnection> Open(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    /// <summary>An in-memory database lives as long as its last connection.</summary>
    private static SqliteConnection? KeepAlive(string connectionString)
    {
        if (new SqliteConnectionStringBuilder(connectionString).Mode != SqliteOpenMode.Memory)
            return null;

        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }
}

/// <summary>Catalog, stock, holds, discounts and orders: one database, because an order and its stock change in one transaction.</summary>
public sealed class ShopDatabase(string connectionString) : Database(connectionString);

/// <summary>Session documents and the answers that were given.</summary>
public sealed class SessionDatabase(string connectionString) : Database(connectionString);
