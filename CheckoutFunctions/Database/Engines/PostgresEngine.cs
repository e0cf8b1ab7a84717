using System.Data;
using System.Data.Common;
using Azure.Core;
using Azure.Identity;
using Dapper;
using Npgsql;
using Polly;
using Polly.Retry;

namespace CheckoutFunctions.Database;

/// <summary>
/// A server that several hosts share. Writes are serializable: PostgreSQL turns one of two away that could not have happened one after the other,
/// and it is run again. So code that holds with SQLite's one writer holds here.
/// </summary>
internal sealed class PostgresEngine : SqlEngine
{
    /// <summary>More writers on the same rows only turn each other away.</summary>
    private const int MostWriters = 16;

    private const string AzureServers = ".postgres.database.azure.com";

    private const string AzureScope = "https://ossrdbms-aad.database.windows.net/.default";

    /// <summary>Any number, the same in every version: who holds it migrates.</summary>
    private const long MigrationLock = 7_240_501_937;

    /// <summary>Of two that write the same key at once the second may be told that it exists: run again, it sees the first. So that once is enough.</summary>
    private static readonly ResiliencePipeline Again = new ResiliencePipelineBuilder()
        .AddRetry(After(30, PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.DeadlockDetected))
        .AddRetry(After(2, PostgresErrorCodes.UniqueViolation))
        .Build();

    private readonly SemaphoreSlim writers = new(MostWriters, MostWriters);
    private readonly NpgsqlDataSource database;

    public PostgresEngine(NpgsqlConnectionStringBuilder builder)
    {
        // A server that is gone must be noticed while the buyer waits.
        if (!builder.ContainsKey("Timeout"))
            builder.Timeout = 5;
        if (!builder.ContainsKey("Command Timeout"))
            builder.CommandTimeout = 10;
        Source = $"{builder.Host}/{builder.Database}";
        database = Connect(builder);
    }

    public override string Source { get; }

    public override async Task<DbConnection> Open(CancellationToken cancellation) => await database.OpenConnectionAsync(cancellation);

    public override async Task<T> Write<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellation)
    {
        await writers.WaitAsync(cancellation);
        try
        {
            return await Again.ExecuteAsync(async cancellation => await Once(work, IsolationLevel.Serializable, cancellation), cancellation);
        }
        finally
        {
            writers.Release();
        }
    }

    public override Task Migrate(Func<DbTransaction, Task> work, CancellationToken cancellation) => Once(
        async transaction =>
        {
            // Each statement after this one sees what whoever held it before has done.
            await transaction.Connection!.ExecuteAsync("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, transaction, commandTimeout: 300);
            await work(transaction);
            return true;
        },
        IsolationLevel.ReadCommitted,
        cancellation);

    public override void Dispose()
    {
        database.Dispose();
        writers.Dispose();
    }

    /// <summary>A server of Azure's without a password: the app signs in as itself, by tokens that last an hour.</summary>
    private static NpgsqlDataSource Connect(NpgsqlConnectionStringBuilder builder)
    {
        var source = new NpgsqlDataSourceBuilder(builder.ConnectionString);
        if (builder.Password is null && builder.Host?.EndsWith(AzureServers, StringComparison.OrdinalIgnoreCase) == true)
        {
            var identity = new DefaultAzureCredential();
            source.UsePeriodicPasswordProvider(
                async (_, cancellation) => (await identity.GetTokenAsync(new TokenRequestContext([AzureScope]), cancellation)).Token,
                successRefreshInterval: TimeSpan.FromMinutes(30),
                failureRefreshInterval: TimeSpan.FromSeconds(5));
        }

        return source.Build();
    }

    private static RetryStrategyOptions After(int times, params string[] clashes) => new()
    {
        ShouldHandle = new PredicateBuilder().Handle<PostgresException>(clash => clashes.Contains(clash.SqlState)),
        MaxRetryAttempts = times,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromMilliseconds(5),
        MaxDelay = TimeSpan.FromMilliseconds(250),
    };

    private async Task<T> Once<T>(Func<DbTransaction, Task<T>> work, IsolationLevel isolation, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(isolation, cancellation);
        var result = await work(transaction);
        await transaction.CommitAsync(cancellation);
        return result;
    }
}
