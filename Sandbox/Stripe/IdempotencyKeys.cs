using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.Stripe;

/// <summary>
/// The first answer under an <c>Idempotency-Key</c> is the answer for 24 hours: a success, a decline, even a 500.
/// The same key with other parameters is refused, and so is a key whose first call still runs.
/// </summary>
internal sealed class IdempotencyKeys(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private readonly TimeProvider time = time;
    private readonly ConcurrentDictionary<string, bool> held = new(StringComparer.Ordinal);

    /// <summary>Null: another call holds the key.</summary>
    public IReplay? TryHold(string key, string path, string parameters) =>
        held.TryAdd(key, true) ? new HeldKey(this, key, path, parameters) : null;

    private sealed class HeldKey(IdempotencyKeys keys, string key, string path, string parameters) : IReplay
    {
        public Answer? Recall(SqliteConnection database)
        {
            var first = database.QuerySingleOrDefault<First>(
                "SELECT path, parameters, status, body, request_id AS RequestId FROM idempotency_keys WHERE key = @key AND created > @oldest",
                new { key, oldest = Oldest });
            if (first is null)
                return null;
            if (first.Path != path)
                return Refused($"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{first.Path}' vs '{path}'). Try using a key other than '{key}' if you meant to execute a different request.");
            if (first.Parameters != parameters)
                return Refused($"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.");
            return new Answer((int)first.Status, first.Body)
                .With("Idempotency-Key", key).With("Original-Request", first.RequestId).With("Idempotent-Replayed", "true")
                .With("Request-Id", Ids.Letters("req_", 14)).With("Stripe-Should-Retry", "false");
        }

        public void Remember(SqliteConnection database, Answer answer)
        {
            database.Execute("DELETE FROM idempotency_keys WHERE created <= @oldest", new { oldest = Oldest });
            if (!answer.Decided)
                return;
            database.Execute(
                "INSERT INTO idempotency_keys VALUES (@key, @path, @parameters, @Status, @Body, @requestId, @created)",
                new { key, path, parameters, answer.Status, answer.Body, requestId = answer.Headers["Request-Id"], created = Now });
        }

        public void Dispose() => keys.held.TryRemove(key, out _);

        private long Now => keys.time.GetUtcNow().ToUnixTimeMilliseconds();

        private long Oldest => Now - (long)Kept.TotalMilliseconds;

        private static Answer Refused(string message) => new StripeRefusal(400, "idempotency_error", null, message).Answer();
    }

    private sealed record First(string Path, string Parameters, long Status, string Body, string RequestId);
}
