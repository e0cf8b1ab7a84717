using System.Text.RegularExpressions;
using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Receipts;

/// <summary>
/// Messages that kept failing, for operators: the same message is one row, however often it comes back. Why it failed is noted at each
/// failure, because a poison queue doesn't say; what never got there leaves nothing.
/// </summary>
public sealed partial class PoisonMessages(ShopDatabase database, TimeProvider clock)
{
    private const int MaxError = 500;

    private const string Columns =
        """
        id AS Id, queue AS Queue, body AS Body, order_id AS OrderId, error AS Error, state AS State,
        first_seen AS FirstSeenMs, last_seen AS LastSeenMs, retried_at AS RetriedAtMs
        """;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Never hides the failure itself: a store that can't be written is one more reason for the message to come again.</summary>
    public async Task NoteFailure(string queue, string body, Exception failure, CancellationToken cancellation)
    {
        try
        {
            await Upsert(queue, body, Describe(failure), "failing", cancellation);
        }
        catch (Exception store) when (StoreFault.IsUnavailable(store))
        {
        }
    }

    /// <summary>It was done after all: what was noted of it is forgotten, and what operators saw is marked.</summary>
    public Task Handled(string queue, string body, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var id = IdOf(queue, body);
            await transaction.Connection!.ExecuteAsync("DELETE FROM poison_messages WHERE id = @id AND state = 'failing'", new { id }, transaction);
            return await transaction.Connection!.ExecuteAsync("UPDATE poison_messages SET state = 'done' WHERE id = @id", new { id }, transaction);
        },
        cancellation);

    /// <summary>It has come to the poison queue: an operator must look.</summary>
    public Task<PoisonMessage> Store(string queue, string body, CancellationToken cancellation) => Upsert(queue, body, null, "waiting", cancellation);

    /// <summary>Newest first, those after <paramref name="after"/>.</summary>
    public Task<IReadOnlyList<PoisonMessage>> List(int most, PoisonCursor? after, CancellationToken cancellation) => database.Read<IReadOnlyList<PoisonMessage>>(
        async connection => (await connection.QueryAsync<Row>(
            $"""
            SELECT {Columns} FROM poison_messages
            WHERE state <> 'failing' AND (first_seen < @FirstSeen OR (first_seen = @FirstSeen AND id > @Id))
            ORDER BY first_seen DESC, id LIMIT @most
            """,
            new { FirstSeen = after?.FirstSeen ?? long.MaxValue, Id = after?.Id ?? "", most })).Select(row => row.Message).ToList(),
        cancellation);

    /// <summary>Written down before it goes back to its queue; null: there is no such message.</summary>
    public Task<PoisonMessage?> Retry(string id, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(
                "UPDATE poison_messages SET state = 'retried', retried_at = @now WHERE id = @id AND state <> 'failing'", new { id, now = Now }, transaction);
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<Row>(
                $"SELECT {Columns} FROM poison_messages WHERE id = @id AND state <> 'failing'", new { id }, transaction);
            return row?.Message;
        },
        cancellation);

    /// <summary>Forgets, at most so many and the oldest first, what has been done with for long. What waits for an operator stays.</summary>
    public Task<int> Forget(TimeSpan kept, int most, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM poison_messages WHERE id IN (
                SELECT id FROM poison_messages WHERE state <> 'waiting' AND first_seen <= @before AND last_seen <= @before ORDER BY first_seen LIMIT @most)
            """,
            new { before = (clock.GetUtcNow() - kept).ToUnixTimeMilliseconds(), most },
            transaction),
        cancellation);

    /// <summary>Why messages about an order failed may name its buyer.</summary>
    public Task Erase(string orderId, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync("UPDATE poison_messages SET error = NULL WHERE order_id = @orderId", new { orderId }, transaction), cancellation);

    /// <summary>A failure of a message that operators know of leaves its state as it is.</summary>
    private Task<PoisonMessage> Upsert(string queue, string body, string? error, string state, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var id = IdOf(queue, body);
            await transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO poison_messages (id, queue, body, order_id, error, state, first_seen, last_seen) VALUES (@id, @queue, @body, @orderId, @error, @state, @now, @now)
                ON CONFLICT (id) DO UPDATE SET
                    error = COALESCE(@error, poison_messages.error), last_seen = @now,
                    state = CASE WHEN @state = 'failing' THEN poison_messages.state ELSE @state END
                """,
                new { id, queue, body, orderId = SendReceipt.OrderIn(body), error, state, now = Now },
                transaction);
            return (await transaction.Connection!.QuerySingleAsync<Row>($"SELECT {Columns} FROM poison_messages WHERE id = @id", new { id }, transaction)).Message;
        },
        cancellation);

    private static string IdOf(string queue, string body) => $"psn_{Secrets.Hash($"{queue}:{body}")[..32]}";

    private static string Describe(Exception failure)
    {
        // Mail servers repeat whom they refuse.
        var text = $"{failure.GetType().Name}: {EmailAddress().Replace(failure.Message, "[…]")}";
        return text.Length <= MaxError ? text : text[..MaxError];
    }

    [GeneratedRegex(@"[^\s<>]+@[^\s<>]+")]
    private static partial Regex EmailAddress();

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Queue { get; init; } = "";
        public string Body { get; init; } = "";
        public string? OrderId { get; init; }
        public string? Error { get; init; }
        public string State { get; init; } = "";
        public long FirstSeenMs { get; init; }
        public long LastSeenMs { get; init; }
        public long? RetriedAtMs { get; init; }

        public PoisonMessage Message => new(
            Id, Queue, Body, OrderId, Error, State, DateTimeOffset.FromUnixTimeMilliseconds(FirstSeenMs), DateTimeOffset.FromUnixTimeMilliseconds(LastSeenMs),
            RetriedAtMs is { } retried ? DateTimeOffset.FromUnixTimeMilliseconds(retried) : null);
    }
}

/// <summary>A message that kept failing, as operators see it.</summary>
/// <param name="OrderId">Which order it is about, where it says so.</param>
/// <param name="Error">Why it failed last, where that is known.</param>
/// <param name="State"><c>waiting</c> for an operator, <c>retried</c>, <c>done</c>.</param>
public sealed record PoisonMessage(
    string Id, string Queue, string Body, string? OrderId, string? Error, string State, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset? RetriedAt);

/// <summary>The last message of a page.</summary>
public sealed record PoisonCursor(long FirstSeen, string Id)
{
    public override string ToString() => $"{FirstSeen}.{Id}";

    public static PoisonCursor Of(PoisonMessage message) => new(message.FirstSeen.ToUnixTimeMilliseconds(), message.Id);

    /// <summary>Null: it isn't one of ours.</summary>
    public static PoisonCursor? Read(string text) => text.Split('.', 2) is [var time, var id] && long.TryParse(time, out var firstSeen) ? new(firstSeen, id) : null;
}
