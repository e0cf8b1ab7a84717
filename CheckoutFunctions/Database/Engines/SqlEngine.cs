using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CheckoutFunctions.Database;

/// <summary>What differs between SQLite and PostgreSQL. All SQL above it is the same for both.</summary>
internal abstract class SqlEngine : IDisposable
{
    public abstract string Source { get; }

    /// <summary>By the words of the connection string: <c>Data Source</c> is SQLite's, <c>Host</c> PostgreSQL's. Anything else throws a sentence.</summary>
    public static SqlEngine Of(string connectionString, string name)
    {
        var words = Read(connectionString, name);
        if (words.ContainsKey("Host") || words.ContainsKey("Server"))
            return Read(() => new PostgresEngine(new NpgsqlConnectionStringBuilder(connectionString)), name);
        return words.ContainsKey("Data Source") || words.ContainsKey("DataSource") || words.ContainsKey("Filename")
            ? Read(() => new SqliteEngine(new SqliteConnectionStringBuilder(connectionString)), name)
            : throw new InvalidOperationException($"The setting {name}__ConnectionString is neither PostgreSQL's (Host=…) nor SQLite's (Data Source=…).");
    }

    public abstract Task<DbConnection> Open(CancellationToken cancellation);

    public abstract Task<T> Write<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellation);

    /// <summary>As <see cref="Write"/>, alone among all programs that migrate.</summary>
    public abstract Task Migrate(Func<DbTransaction, Task> work, CancellationToken cancellation);

    public abstract void Dispose();

    private static DbConnectionStringBuilder Read(string connectionString, string name) => Read(() => new DbConnectionStringBuilder { ConnectionString = connectionString }, name);

    /// <summary>Without what it says: it may hold a password.</summary>
    private static T Read<T>(Func<T> read, string name)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new InvalidOperationException($"The setting {name}__ConnectionString can't be read as a connection string.");
        }
    }
}
