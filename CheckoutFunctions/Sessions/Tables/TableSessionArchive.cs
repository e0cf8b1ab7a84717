using System.Runtime.CompilerServices;
using Azure;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Sessions;

/// <summary>The same in Azure Tables, which have no index but their keys: the account's side reads past all rows, and sends those that are wanted.</summary>
public sealed class TableSessionArchive(SessionTables tables) : ISessionArchive
{
    private const int MostOfATransaction = 100;

    /// <summary>A page of whole documents; each may be long.</summary>
    private const int DocumentsAtOnce = 50;

    private const string IsAnswer = $"RowKey ge '{SessionTables.Answer}' and RowKey lt '{SessionTables.Answer}g'";

    public async IAsyncEnumerable<SilentSession> Silent(
        IReadOnlyCollection<CheckoutStatus> statuses, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var wanted = string.Join(" or ", statuses.Select(status => $"Status eq '{status}'"));
        var filter = $"RowKey eq '{SessionTables.Session}' and UpdatedAt ge {TableSessionStore.Time(from)} and UpdatedAt le {TableSessionStore.Time(to)} and ({wanted})";
        await foreach (var row in tables.Sessions.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "UpdatedAt"], cancellationToken: cancellation))
            yield return new(row.PartitionKey, row.GetDateTimeOffset("UpdatedAt")!.Value);
    }

    public async IAsyncEnumerable<string> Mentioning(string email, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var mention = Mentions.Of(email);
        string? found = null;
        var filter = $"RowKey eq '{SessionTables.Session}' or ({IsAnswer})";
        await foreach (var row in tables.Sessions.QueryAsync<TableEntity>(filter, DocumentsAtOnce, cancellationToken: cancellation))
        {
            // A checkout's rows come one after the other.
            if (row.PartitionKey != found && (row.RowKey == SessionTables.Session ? row.Text("Document") + row.Text("Input") : row.Text("Answer")).Contains(mention, StringComparison.OrdinalIgnoreCase))
                yield return found = row.PartitionKey;
        }
    }

    /// <summary>The answers first: while the document still names its buyer, what was cut off is found again.</summary>
    public async Task Replace(SessionDocument document, string input, CancellationToken cancellation)
    {
        await DeleteRows($"PartitionKey eq '{document.CheckoutId}' and {IsAnswer}", cancellation);
        var found = await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(document.CheckoutId, SessionTables.Session, cancellationToken: cancellation);
        if (!found.HasValue)
            return;

        var stored = found.Value!;
        var row = new TableEntity(document.CheckoutId, SessionTables.Session)
        {
            ["Version"] = document.Version,
            ["Status"] = stored.GetString("Status"),
            ["UpdatedAt"] = stored.GetDateTimeOffset("UpdatedAt")!.Value,
            ["SecretHash"] = stored.GetString("SecretHash"),
        };
        row.Set("Document", Json.Write(document));
        row.Set("Input", input);
        // Not merged: a longer document's further parts would stay.
        await tables.Sessions.UpdateEntityAsync(row, stored.ETag, TableUpdateMode.Replace, cancellation);
    }

    /// <summary>The session last: what was cut off is found by it again.</summary>
    public async Task Delete(string checkoutId, CancellationToken cancellation)
    {
        await DeleteRows($"PartitionKey eq '{checkoutId}' and RowKey ne '{SessionTables.Session}'", cancellation);
        await tables.Sessions.DeleteEntityAsync(checkoutId, SessionTables.Session, cancellationToken: cancellation);
    }

    /// <summary>All of them are of one checkout.</summary>
    private async Task DeleteRows(string filter, CancellationToken cancellation)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in tables.Sessions.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
            rows.Add(row);
        foreach (var window in rows.Chunk(MostOfATransaction))
            await tables.Delete(window, cancellation);
    }
}
