using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using CheckoutFunctions.Database;
using Microsoft.Extensions.Hosting;

namespace CheckoutFunctions.Sessions;

/// <summary>
/// The two tables of an Azure Storage account (or Azurite) that hold sessions. In <c>CheckoutSessions</c> a checkout is a partition: its <c>session</c>,
/// each <c>answer-…</c> and each <c>claim-…</c> a row, so that a document and its answer are written together. In <c>CheckoutStarts</c> each
/// idempotency key of a start is one.
/// </summary>
public sealed class SessionTables
{
    internal const string Session = "session";
    internal const string Answer = "answer-";
    internal const string Claim = "claim-";

    private const string Endpoint = "TableEndpoint=";

    /// <summary>The only row of a start's partition.</summary>
    internal const string Start = "start";

    /// <param name="connectionString">With a key, or only <c>TableEndpoint=https://…</c>: then the app signs in as itself.</param>
    /// <param name="identity">Who that is; null: the managed identity, a developer at a desk.</param>
    /// <param name="transport">Null: the network.</param>
    public SessionTables(string connectionString, TokenCredential? identity = null, HttpPipelineTransport? transport = null)
    {
        var options = new TableClientOptions();
        if (transport is not null)
            options.Transport = transport;
        // The orchestration tries again for days; a buyer's request tells the buyer to.
        options.Retry.MaxRetries = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        TableServiceClient account;
        try
        {
            account = EndpointOf(connectionString) is { } endpoint
                ? new TableServiceClient(new Uri(endpoint), identity ?? new DefaultAzureCredential(), options)
                : new TableServiceClient(connectionString, options);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            // Without what it says: it holds a key.
            throw new InvalidOperationException("The setting Sessions__ConnectionString can't be read as a storage account's connection string.");
        }

        (Sessions, Starts) = (account.GetTableClient("CheckoutSessions"), account.GetTableClient("CheckoutStarts"));
    }

    internal TableClient Sessions { get; }

    internal TableClient Starts { get; }

    /// <summary>A storage account's connection string, and no database's.</summary>
    public static bool IsNamedBy(string? connectionString) => connectionString is not null && (
        connectionString.Contains("UseDevelopmentStorage=", StringComparison.OrdinalIgnoreCase)
        || connectionString.Contains("AccountName=", StringComparison.OrdinalIgnoreCase)
        || connectionString.Contains("TableEndpoint=", StringComparison.OrdinalIgnoreCase));

    /// <summary>The endpoint, where that is all there is.</summary>
    private static string? EndpointOf(string connectionString) =>
        connectionString.Trim().TrimEnd(';') is var only && only.StartsWith(Endpoint, StringComparison.OrdinalIgnoreCase) && !only.Contains(';', StringComparison.Ordinal)
            ? only[Endpoint.Length..] : null;

    public async Task Create(CancellationToken cancellation)
    {
        await Sessions.CreateIfNotExistsAsync(cancellation);
        await Starts.CreateIfNotExistsAsync(cancellation);
    }

    /// <summary>Rows that are all of one checkout, at most a hundred.</summary>
    internal async Task Delete(IReadOnlyCollection<TableEntity> rows, CancellationToken cancellation)
    {
        try
        {
            await Sessions.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellation);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // Another host deletes too, or the first try had gone through: one by one, then.
            foreach (var row in rows)
                await Sessions.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellation);
        }
    }

    /// <summary>Keys may hold what a row's name may not.</summary>
    internal static string RowOf(string kind, string key) => kind + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

/// <summary>Creates the tables before any trigger runs.</summary>
internal sealed class SessionTablesSetup(SessionTables tables) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tables.Create(cancellationToken);
        }
        catch (Exception e) when (StoreFault.IsUnavailable(e))
        {
            throw new InvalidOperationException("The storage account of Sessions__ConnectionString doesn't answer.", e);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
