using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Sessions;

public sealed class SqlSessionStore(SessionDatabase database, TimeProvider clock) : ISessionStore
{
    public Task<bool> Create(NewSession session, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            if (session.Start is { } start && await connection.ExecuteAsync(
                """
                INSERT INTO starts (key_hash, request_hash, checkout_id, salt, created_at)
                VALUES (@KeyHash, @RequestHash, @CheckoutId, @Salt, @now) ON CONFLICT (key_hash) DO NOTHING
                """,
                new { start.KeyHash, start.RequestHash, start.CheckoutId, start.Salt, now = Now },
                transaction) == 0)
            {
                return false;
            }

            return await connection.ExecuteAsync(
                """
                INSERT INTO sessions (checkout_id, secret_hash, version, status, document, input, updated_at)
                VALUES (@CheckoutId, @SecretHash, @Version, @status, @document, @Input, @now) ON CONFLICT (checkout_id) DO NOTHING
                """,
                new
                {
                    session.Document.CheckoutId,
                    session.SecretHash,
                    session.Document.Version,
                    status = session.Document.Status.ToString(),
                    document = Json.Write(session.Document),
                    session.Input,
                    now = Now,
                },
                transaction) == 1;
        },
        cancellation);

    public Task<StartedCheckout?> FindStart(string keyHash, CancellationToken cancellation) => database.Read(
        connection => connection.QuerySingleOrDefaultAsync<StartedCheckout?>(
            "SELECT key_hash AS KeyHash, request_hash AS RequestHash, checkout_id AS CheckoutId, salt AS Salt FROM starts WHERE key_hash = @keyHash", new { keyHash }),
        cancellation);

    public Task<StoredSession?> Find(string checkoutId, CancellationToken cancellation) => database.Read(
        async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<(string Document, string SecretHash, string Input)?>(
                "SELECT document, secret_hash, input FROM sessions WHERE checkout_id = @checkoutId", new { checkoutId });
            return row is { } found ? new StoredSession(Json.Read<SessionDocument>(found.Document), found.SecretHash, found.Input) : null;
        },
        cancellation);

    public Task Save(SaveSession save, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var session = save.Session;
            await connection.ExecuteAsync(
                """
                UPDATE sessions SET version = @Version, status = @status, document = @document, updated_at = @now
                WHERE checkout_id = @CheckoutId AND version < @Version
                """,
                new { session.CheckoutId, session.Version, status = session.Status.ToString(), document = Json.Write(session), now = Now },
                transaction);
            if (save.Answer is { } answer)
            {
                await connection.ExecuteAsync(
                    """
                    INSERT INTO answers (checkout_id, command_key, answer, created_at)
                    SELECT checkout_id, @CommandKey, @answer, @now FROM sessions WHERE checkout_id = @CheckoutId ON CONFLICT (checkout_id, command_key) DO NOTHING
                    """,
                    new { session.CheckoutId, answer.CommandKey, answer = Json.Write(answer), now = Now },
                    transaction);
            }

            return true;
        },
        cancellation);

    public Task<CommandAnswer?> FindAnswer(string checkoutId, string commandKey, CancellationToken cancellation) => database.Read(
        async connection =>
        {
            var answer = await connection.QuerySingleOrDefaultAsync<string?>(
                "SELECT answer FROM answers WHERE checkout_id = @checkoutId AND command_key = @commandKey", new { checkoutId, commandKey });
            return answer is null ? null : Json.Read<CommandAnswer>(answer);
        },
        cancellation);

    public Task<List<string>> Waiting(DateTimeOffset before, DateTimeOffset untouchedFrom, int most, CancellationToken cancellation) => database.Read(
        async connection => (await connection.QueryAsync<string>(
            $"""
            SELECT checkout_id FROM (
                SELECT checkout_id FROM sessions
                WHERE status IN ('{nameof(CheckoutStatus.Paying)}', '{nameof(CheckoutStatus.ActionRequired)}', '{nameof(CheckoutStatus.NeedsAttention)}') AND updated_at <= @before
                ORDER BY updated_at LIMIT @most) working
            UNION ALL
            SELECT checkout_id FROM (
                SELECT checkout_id FROM sessions WHERE version = 1 AND updated_at <= @before AND updated_at >= @untouchedFrom ORDER BY updated_at DESC LIMIT @most) untouched
            """,
            new { before = before.ToUnixTimeMilliseconds(), untouchedFrom = untouchedFrom.ToUnixTimeMilliseconds(), most })).ToList(),
        cancellation);

    public Task<HashSet<string>> KnownOf(IReadOnlyCollection<string> checkoutIds, CancellationToken cancellation) => database.Read(
        async connection => (await connection.QueryAsync<string>(
            $"SELECT checkout_id FROM sessions WHERE checkout_id {connection.In("ids")}", new { ids = checkoutIds.ToArray() })).ToHashSet(StringComparer.Ordinal),
        cancellation);

    public async Task<DateTimeOffset> LastChangeOf(string checkoutId, CancellationToken cancellation) => DateTimeOffset.FromUnixTimeMilliseconds(await database.Read(
        connection => connection.ExecuteScalarAsync<long>("SELECT updated_at FROM sessions WHERE checkout_id = @checkoutId", new { checkoutId }), cancellation));

    public Task Ask(CancellationToken cancellation) =>
        database.Read(connection => connection.ExecuteScalarAsync<long>("SELECT MAX(version) FROM schema_versions"), cancellation);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
