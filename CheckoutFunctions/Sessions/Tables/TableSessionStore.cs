using Azure;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Sessions;

/// <summary>
/// Sessions in Azure Tables. Whatever was sent may have taken effect without an answer, and the client sends it again: so a row that is
/// there already is looked at before it counts as somebody else's.
/// </summary>
public sealed class TableSessionStore(SessionTables tables, TimeProvider clock) : ISessionStore
{
    private const int Tries = 20;

    private const int Conflict = 409;

    private const int PreconditionFailed = 412;

    private const int NotFound = 404;

    /// <summary>The session comes first: nobody knows its id before the key's row names it, so that a key never names a checkout that isn't there.</summary>
    public async Task<bool> Create(NewSession session, CancellationToken cancellation)
    {
        var id = session.Document.CheckoutId;
        var row = Row(session.Document);
        row["SecretHash"] = session.SecretHash;
        row.Set("Input", session.Input);
        if (!await AddOrIsOurs(tables.Sessions, row, "SecretHash", cancellation))
            return false;
        if (session.Start is not { } start)
            return true;

        var key = new TableEntity(start.KeyHash, SessionTables.Start)
        {
            ["RequestHash"] = start.RequestHash,
            ["CheckoutId"] = start.CheckoutId,
            ["Salt"] = start.Salt,
            ["CreatedAt"] = clock.GetUtcNow(),
        };
        if (await AddOrIsOurs(tables.Starts, key, "CheckoutId", cancellation))
            return true;

        await tables.Sessions.DeleteEntityAsync(id, SessionTables.Session, cancellationToken: cancellation);
        return false;
    }

    public async Task<StartedCheckout?> FindStart(string keyHash, CancellationToken cancellation)
    {
        var found = await tables.Starts.GetEntityIfExistsAsync<TableEntity>(keyHash, SessionTables.Start, cancellationToken: cancellation);
        return found.HasValue ? new(keyHash, found.Value!.GetString("RequestHash"), found.Value.GetString("CheckoutId"), found.Value.GetString("Salt")) : null;
    }

    public async Task<StoredSession?> Find(string checkoutId, CancellationToken cancellation)
    {
        var found = await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(checkoutId, SessionTables.Session, cancellationToken: cancellation);
        return found.HasValue
            ? new(Json.Read<SessionDocument>(found.Value!.Text("Document")), found.Value!.GetString("SecretHash"), found.Value!.Text("Input"))
            : null;
    }

    public async Task Save(SaveSession save, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var actions = await Changes(save, cancellation);
            if (actions.Count == 0)
                return;

            try
            {
                await tables.Sessions.SubmitTransactionAsync(actions, cancellation);
                return;
            }
            catch (RequestFailedException fault) when (fault.Status is Conflict or PreconditionFailed or NotFound && attempt < Tries)
            {
                // Somebody was faster, or it was ourselves: what is left to do shows when it is read again.
            }
        }
    }

    public async Task<CommandAnswer?> FindAnswer(string checkoutId, string commandKey, CancellationToken cancellation)
    {
        var found = await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(
            checkoutId, SessionTables.RowOf(SessionTables.Answer, commandKey), cancellationToken: cancellation);
        return found.HasValue ? Json.Read<CommandAnswer>(found.Value!.Text("Answer")) : null;
    }

    /// <summary>A table has no index but its keys: this reads past every row once, on the server's side.</summary>
    public async Task<List<string>> Waiting(DateTimeOffset before, DateTimeOffset untouchedFrom, int most, CancellationToken cancellation)
    {
        string[] atWork = [nameof(CheckoutStatus.Paying), nameof(CheckoutStatus.ActionRequired), nameof(CheckoutStatus.NeedsAttention)];
        var working = string.Join(" or ", atWork.Select(status => $"Status eq '{status}'"));
        var filter = $"RowKey eq '{SessionTables.Session}' and UpdatedAt le {Time(before)} and (({working}) or (Version eq 1L and UpdatedAt ge {Time(untouchedFrom)}))";
        var found = new List<(string Id, bool AtWork, DateTimeOffset UpdatedAt)>();
        await foreach (var row in tables.Sessions.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "Status", "UpdatedAt"], cancellationToken: cancellation))
            found.Add((row.PartitionKey, atWork.Contains(row.GetString("Status")), row.GetDateTimeOffset("UpdatedAt")!.Value));
        return
        [
            .. found.Where(one => one.AtWork).OrderBy(one => one.UpdatedAt).Take(most).Select(one => one.Id),
            .. found.Where(one => !one.AtWork).OrderByDescending(one => one.UpdatedAt).Take(most).Select(one => one.Id),
        ];
    }

    public async Task<HashSet<string>> KnownOf(IReadOnlyCollection<string> checkoutIds, CancellationToken cancellation)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var ids in checkoutIds.Chunk(16))
        {
            var rows = await Task.WhenAll(ids.Select(id =>
                tables.Sessions.GetEntityIfExistsAsync<TableEntity>(id, SessionTables.Session, ["PartitionKey"], cancellation)));
            known.UnionWith(ids.Zip(rows).Where(pair => pair.Second.HasValue).Select(pair => pair.First));
        }

        return known;
    }

    public async Task<DateTimeOffset> LastChangeOf(string checkoutId, CancellationToken cancellation) =>
        (await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(checkoutId, SessionTables.Session, ["UpdatedAt"], cancellation)).Value!.GetDateTimeOffset("UpdatedAt")!.Value;

    public Task Ask(CancellationToken cancellation) =>
        tables.Sessions.GetEntityIfExistsAsync<TableEntity>("nobody", SessionTables.Session, ["PartitionKey"], cancellation);

    internal static string Time(DateTimeOffset time) => $"datetime'{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}'";

    /// <summary>Adds the row. Where there is one already, whether it is this one: by the property that nobody else's would have the same.</summary>
    private static async Task<bool> AddOrIsOurs(TableClient table, TableEntity row, string ours, CancellationToken cancellation)
    {
        try
        {
            await table.AddEntityAsync(row, cancellation);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status == Conflict)
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, [ours], cancellation);
            return found.HasValue && found.Value!.GetString(ours) == row.GetString(ours);
        }
    }

    /// <summary>What of this isn't stored yet: a newer document, the first answer under its key.</summary>
    private async Task<List<TableTransactionAction>> Changes(SaveSession save, CancellationToken cancellation)
    {
        var session = save.Session;
        var actions = new List<TableTransactionAction>();
        var stored = await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(session.CheckoutId, SessionTables.Session, ["Version"], cancellation);
        if (stored.HasValue && stored.Value!.GetInt64("Version") < session.Version)
            actions.Add(new(TableTransactionActionType.UpdateMerge, Row(session), stored.Value.ETag));
        if (save.Answer is not { } answer || !stored.HasValue)
            return actions;

        var key = SessionTables.RowOf(SessionTables.Answer, answer.CommandKey);
        if ((await tables.Sessions.GetEntityIfExistsAsync<TableEntity>(session.CheckoutId, key, ["PartitionKey"], cancellation)).HasValue)
            return actions;

        var row = new TableEntity(session.CheckoutId, key) { ["CreatedAt"] = clock.GetUtcNow() };
        row.Set("Answer", Json.Write(answer));
        actions.Add(new(TableTransactionActionType.Add, row));
        return actions;
    }

    private TableEntity Row(SessionDocument session)
    {
        var row = new TableEntity(session.CheckoutId, SessionTables.Session)
        {
            ["Version"] = (long)session.Version,
            ["Status"] = session.Status.ToString(),
            ["UpdatedAt"] = clock.GetUtcNow(),
        };
        row.Set("Document", Json.Write(session));
        return row;
    }
}
