using System.Runtime.CompilerServices;
using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Sessions;

public sealed class SqlSessionArchive(SessionDatabase database) : ISessionArchive
{
    private const int Window = 200;

    public async IAsyncEnumerable<SilentSession> Silent(
        IReadOnlyCollection<CheckoutStatus> statuses, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var names = statuses.Select(status => status.ToString()).ToArray();
        var last = new SilentRow("", from.ToUnixTimeMilliseconds());
        for (var read = Window; read == Window;)
        {
            var window = await database.Read(
                async connection => (await connection.QueryAsync<SilentRow>(
                    $"""
                    SELECT checkout_id AS Id, updated_at AS Since FROM sessions
                    WHERE status {connection.In("names")} AND updated_at <= @to AND (updated_at, checkout_id) > (@Since, @Id)
                    ORDER BY updated_at, checkout_id LIMIT @Window
                    """,
                    new { names, to = to.ToUnixTimeMilliseconds(), last.Since, last.Id, Window })).ToList(),
                cancellation);
            foreach (var row in window)
                yield return new(row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.Since));
            (read, last) = (window.Count, window.Count > 0 ? window[^1] : last);
        }
    }

    public async IAsyncEnumerable<string> Mentioning(string email, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var like = $"%{Mentions.Of(email).Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
        var after = "";
        for (var read = Window; read == Window;)
        {
            var window = await database.Read(
                async connection => (await connection.QueryAsync<(string Id, long Mentions)>(
                    """
                    SELECT s.checkout_id AS Id, CAST(CASE
                        WHEN lower(s.document) LIKE @like ESCAPE '!' OR lower(s.input) LIKE @like ESCAPE '!'
                            OR EXISTS (SELECT 1 FROM answers a WHERE a.checkout_id = s.checkout_id AND lower(a.answer) LIKE @like ESCAPE '!') THEN 1
                        ELSE 0 END AS BIGINT) AS Mentions
                    FROM sessions s WHERE s.checkout_id > @after ORDER BY s.checkout_id LIMIT @Window
                    """,
                    new { like, after, Window })).ToList(),
                cancellation);
            foreach (var row in window.Where(row => row.Mentions > 0))
                yield return row.Id;
            (read, after) = (window.Count, window.Count > 0 ? window[^1].Id : after);
        }
    }

    public Task Replace(SessionDocument document, string input, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync("DELETE FROM answers WHERE checkout_id = @CheckoutId", document, transaction);
            return await connection.ExecuteAsync(
                "UPDATE sessions SET version = @Version, document = @json, input = @input WHERE checkout_id = @CheckoutId",
                new { document.CheckoutId, document.Version, json = Json.Write(document), input },
                transaction);
        },
        cancellation);

    public Task Delete(string checkoutId, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM answers WHERE checkout_id = @checkoutId;
            DELETE FROM claims WHERE checkout_id = @checkoutId;
            DELETE FROM sessions WHERE checkout_id = @checkoutId
            """,
            new { checkoutId },
            transaction),
        cancellation);

    private sealed record SilentRow(string Id, long Since);
}
