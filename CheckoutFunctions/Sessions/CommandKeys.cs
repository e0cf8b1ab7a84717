using System.Data.Common;
using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Sessions;

/// <summary>
/// Which request holds an idempotency key. Of many with one key, one is carried out; the others wait for its answer, in whichever process they are.
/// </summary>
public sealed class CommandKeys(SessionDatabase database, TimeProvider clock)
{
    /// <summary>How long a key and its answer are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    /// <summary>Who holds the key: this request if it is new, else the one that came first.</summary>
    public async Task<CommandClaim> Claim(CommandClaim wanted, CancellationToken cancellation)
    {
        if (await database.Read(connection => Find(connection, wanted, null), cancellation) is { } earlier)
            return earlier;

        return await database.Write(
            async transaction =>
            {
                await transaction.Connection!.ExecuteAsync(
                    """
                    INSERT INTO claims (checkout_id, command_key, request_hash, request_id, created_at)
                    VALUES (@CheckoutId, @CommandKey, @RequestHash, @RequestId, @now) ON CONFLICT (checkout_id, command_key) DO NOTHING
                    """,
                    new { wanted.CheckoutId, wanted.CommandKey, wanted.RequestHash, wanted.RequestId, now = Now },
                    transaction);
                return (await Find(transaction.Connection!, wanted, transaction))!;
            },
            cancellation);
    }

    /// <summary>Who holds the key now, after one whose answer isn't remembered was done with it: of several that ask, one.</summary>
    public Task<CommandClaim> TakeOver(CommandClaim wanted, CommandClaim done, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(
                """
                UPDATE claims SET request_id = @RequestId, created_at = @now
                WHERE checkout_id = @CheckoutId AND command_key = @CommandKey AND request_id = @before
                """,
                new { wanted.CheckoutId, wanted.CommandKey, wanted.RequestId, before = done.RequestId, now = Now },
                transaction);
            return await Find(transaction.Connection!, wanted, transaction) ?? wanted;
        },
        cancellation);

    /// <summary>
    /// Forgets at most <paramref name="limit"/> keys and as many answers that are older than they need be kept. Those of a checkout that goes on stay:
    /// its orchestration knows them too, and would pass a repeat over that nobody can answer any more.
    /// </summary>
    public Task<int> Purge(int limit, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var window = new { before = (clock.GetUtcNow() - Kept).ToUnixTimeMilliseconds(), limit };
            return await connection.ExecuteAsync(
                    "DELETE FROM starts WHERE key_hash IN (SELECT key_hash FROM starts WHERE created_at <= @before ORDER BY created_at LIMIT @limit)", window, transaction)
                + await connection.ExecuteAsync(DeleteEnded("answers"), window, transaction)
                + await connection.ExecuteAsync(DeleteEnded("claims"), window, transaction);
        },
        cancellation);

    private static string DeleteEnded(string table) =>
        $"""
        DELETE FROM {table} WHERE (checkout_id, command_key) IN (
            SELECT t.checkout_id, t.command_key FROM {table} t JOIN sessions s ON s.checkout_id = t.checkout_id
            WHERE t.created_at <= @before AND s.status IN ('{nameof(CheckoutStatus.Completed)}', '{nameof(CheckoutStatus.Cancelled)}', '{nameof(CheckoutStatus.Expired)}')
            ORDER BY t.created_at LIMIT @limit)
        """;

    private static Task<CommandClaim?> Find(DbConnection connection, CommandClaim wanted, DbTransaction? transaction) =>
        connection.QuerySingleOrDefaultAsync<CommandClaim?>(
            """
            SELECT checkout_id AS CheckoutId, command_key AS CommandKey, request_hash AS RequestHash, request_id AS RequestId
            FROM claims WHERE checkout_id = @CheckoutId AND command_key = @CommandKey
            """,
            wanted,
            transaction);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <param name="CommandKey">The hash of the client's key and of the call that it came with.</param>
/// <param name="RequestHash">Of the request's body.</param>
/// <param name="RequestId">Of the request that is carried out for all that come with the key.</param>
public sealed record CommandClaim(string CheckoutId, string CommandKey, string RequestHash, string RequestId);
