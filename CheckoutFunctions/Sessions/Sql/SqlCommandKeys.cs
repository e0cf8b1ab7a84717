using System.Data.Common;
using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Sessions;

public sealed class SqlCommandKeys(SessionDatabase database, TimeProvider clock) : ICommandKeys
{
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

    public Task<int> Purge(int limit, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var window = new { before = (clock.GetUtcNow() - ICommandKeys.Kept).ToUnixTimeMilliseconds(), limit };
            return await connection.ExecuteAsync(
                    "DELETE FROM starts WHERE key_hash IN (SELECT key_hash FROM starts WHERE created_at <= @before ORDER BY created_at LIMIT @limit)", window, transaction)
                + await connection.ExecuteAsync(DeleteEnded("answers"), window, transaction)
                + await connection.ExecuteAsync(DeleteEnded("claims"), window, transaction);
        },
        cancellation);

    private static string DeleteEnded(string table) =>
        $"""
        DELETE FROM {table} WHERE (checkout_id, command_key) IN (
            SELECT t.checkout_id, t.command_key FROM {table} t LEFT JOIN sessions s ON s.checkout_id = t.checkout_id
            WHERE t.created_at <= @before
                AND (s.checkout_id IS NULL OR s.status IN ('{nameof(CheckoutStatus.Completed)}', '{nameof(CheckoutStatus.Cancelled)}', '{nameof(CheckoutStatus.Expired)}'))
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
