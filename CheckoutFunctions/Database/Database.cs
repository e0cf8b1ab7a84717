using System.Data.Common;

namespace CheckoutFunctions.Database;

/// <summary>One SQL database, SQLite or PostgreSQL as its connection string says. Writes happen as if one after another; reads see the last committed state.</summary>
public abstract class Database(string connectionString, string name) : IDisposable
{
    internal SqlEngine Engine { get; } = SqlEngine.Of(connectionString, name);

    /// <summary>The file, or the server and database, for messages.</summary>
    public string Source => Engine.Source;

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction: everything in it happens, or nothing. Where others were faster it is run again from its
    /// beginning: it may change nothing outside the transaction.
    /// </summary>
    public Task<T> Write<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellation = default) => Engine.Write(work, cancellation);

    public async Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellation = default)
    {
        await using var connection = await Engine.Open(cancellation);
        return await work(connection);
    }

    public void Dispose()
    {
        Engine.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Catalog, stock, holds, discounts and orders: one database, because an order and its stock change in one transaction.</summary>
public sealed class ShopDatabase(string connectionString) : Database(connectionString, "Orders");

/// <summary>Session documents and the answers that were given.</summary>
public sealed class SessionDatabase(string connectionString) : Database(connectionString, "Sessions");
