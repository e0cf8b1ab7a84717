using Azure;

namespace CheckoutFunctions.Sessions;

/// <summary>Idempotency keys in Azure Tables, each in the partition of its checkout.</summary>
public sealed class TableCommandKeys(SessionTables tables, TimeProvider clock) : ICommandKeys
{
    private const int MostOfATransaction = 100;

    public async Task<CommandClaim> Claim(CommandClaim wanted, CancellationToken cancellation)
    {
        if (await Find(wanted, cancellation) is { } earlier)
            return Read(wanted, earlier);

        try
        {
            await tables.Sessions.AddEntityAsync(Row(wanted), cancellation);
            return wanted;
        }
        catch (RequestFailedException taken) when (taken.Status == 409)
        {
            return await Find(wanted, cancellation) is { } first ? Read(wanted, first) : wanted;
        }
    }

    public async Task<CommandClaim> TakeOver(CommandClaim wanted, CommandClaim done, CancellationToken cancellation)
    {
        while (await Find(wanted, cancellation) is { } held)
        {
            if (held.GetString("RequestId") != done.RequestId)
                return Read(wanted, held);

            try
            {
                await tables.Sessions.UpdateEntityAsync(
                    new TableEntity(held.PartitionKey, held.RowKey) { ["RequestId"] = wanted.RequestId, ["CreatedAt"] = clock.GetUtcNow() },
                    held.ETag, TableUpdateMode.Merge, cancellation);
                return Read(wanted, held) with { RequestId = wanted.RequestId };
            }
            catch (RequestFailedException faster) when (faster.Status is 412 or 404)
            {
                // It shows in the next look who was.
            }
        }

        return wanted;
    }

    public async Task<int> Purge(int limit, CancellationToken cancellation)
    {
        var before = TableSessionStore.Time(clock.GetUtcNow() - ICommandKeys.Kept);
        var purged = 0;
        await foreach (var start in tables.Starts.QueryAsync<TableEntity>($"CreatedAt le {before}", limit, ["PartitionKey", "RowKey"], cancellation))
        {
            await tables.Starts.DeleteEntityAsync(start.PartitionKey, start.RowKey, cancellationToken: cancellation);
            if (++purged == limit)
                break;
        }

        return purged + await PurgeEnded(SessionTables.Answer, before, limit, cancellation) + await PurgeEnded(SessionTables.Claim, before, limit, cancellation);
    }

    private static CommandClaim Read(CommandClaim wanted, TableEntity row) => wanted with { RequestHash = row.GetString("RequestHash"), RequestId = row.GetString("RequestId") };

    private async Task<int> PurgeEnded(string kind, string before, int limit, CancellationToken cancellation)
    {
        // Names of rows are the kind and hexadecimal digits.
        var filter = $"RowKey ge '{kind}' and RowKey lt '{kind}g' and CreatedAt le {before}";
        var ended = new Dictionary<string, bool>(StringComparer.Ordinal);
        var old = new List<TableEntity>();
        await foreach (var row in tables.Sessions.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
        {
            if (!ended.TryGetValue(row.PartitionKey, out var isEnded))
                ended[row.PartitionKey] = isEnded = await HasEnded(row.PartitionKey, cancellation);
            if (isEnded)
                old.Add(row);
            if (old.Count == limit)
                break;
        }

        foreach (var window in old.GroupBy(row => row.PartitionKey).SelectMany(partition => partition.Chunk(MostOfATransaction)))
            await tables.Delete(window, cancellation);
        return old.Count;
    }

    private async Task<bool> HasEnded(string checkoutId, CancellationToken cancellation)
    {
        var session = await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(checkoutId, SessionTables.Session, ["Status"], cancellation);
        return !session.HasValue || session.Value!.GetString("Status") is nameof(CheckoutStatus.Completed) or nameof(CheckoutStatus.Cancelled) or nameof(CheckoutStatus.Expired);
    }

    private async Task<TableEntity?> Find(CommandClaim claim, CancellationToken cancellation)
    {
        var found = await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(
            claim.CheckoutId, SessionTables.RowOf(SessionTables.Claim, claim.CommandKey), cancellationToken: cancellation);
        return found.HasValue ? found.Value : null;
    }

    private TableEntity Row(CommandClaim claim) => new(claim.CheckoutId, SessionTables.RowOf(SessionTables.Claim, claim.CommandKey))
    {
        ["RequestHash"] = claim.RequestHash,
        ["RequestId"] = claim.RequestId,
        ["CreatedAt"] = clock.GetUtcNow(),
    };
}
