using System.Data.Common;
using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Webhooks;

/// <summary>
/// Events of payment providers, each kept under its id before it is acknowledged, until its checkout was told. Of an event's body only these fields
/// are kept: the rest is the buyer's, and asked for when it is needed.
/// </summary>
public sealed class PaymentInbox(ShopDatabase database, TimeProvider clock)
{
    /// <summary>Providers stop repeating an event after three days; so do we.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(1);

    /// <returns>Whether its checkout is still to be told: false for an event that was told before.</returns>
    public Task<bool> Store(PaymentEvent payment, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var now = clock.GetUtcNow();
            await transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO payment_events (provider, event_id, type, payment_id, checkout_id, state, received_at, due_at)
                VALUES (@Provider, @EventId, @Type, @PaymentId, @CheckoutId, 'waiting', @now, @due) ON CONFLICT (provider, event_id) DO NOTHING
                """,
                // Due already: whoever is told now needn't be later, and what a crash cuts off is found by the sweep.
                new { payment.Provider, payment.EventId, payment.Type, payment.PaymentId, payment.CheckoutId, now = Ms(now), due = Ms(now + FirstDelay) },
                transaction);
            return await transaction.Connection!.ExecuteScalarAsync<string>(
                "SELECT state FROM payment_events WHERE provider = @Provider AND event_id = @EventId", payment, transaction) == "waiting";
        },
        cancellation);

    public Task Told(PaymentEvent payment, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE payment_events SET state = 'told' WHERE provider = @Provider AND event_id = @EventId", payment, transaction),
        cancellation);

    /// <summary>
    /// Takes those that are due, oldest first, and puts each off to its next try before it is made: one that fails, or takes the process with it, comes again.
    /// What nobody could be told in <see cref="Patience"/> is given up.
    /// </summary>
    public Task<DueEvents> TakeDue(int most, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var now = clock.GetUtcNow();
            var rows = (await connection.QueryAsync<Row>(
                """
                SELECT provider AS Provider, event_id AS EventId, type AS Type, payment_id AS PaymentId, checkout_id AS CheckoutId, received_at AS ReceivedAt, tries AS Tries
                FROM payment_events WHERE state = 'waiting' AND due_at <= @now ORDER BY due_at, received_at, event_id LIMIT @most
                """,
                new { now = Ms(now), most },
                transaction)).ToList();
            var (old, due) = (rows.Where(row => row.ReceivedAt <= Ms(now - Patience)).ToList(), rows.Where(row => row.ReceivedAt > Ms(now - Patience)).ToList());
            await Update("state = 'given_up'", old, transaction);
            foreach (var tries in due.GroupBy(row => row.Tries))
                await Update($"tries = tries + 1, due_at = {Ms(now + DelayAfter(tries.Key))}", tries, transaction);
            return new DueEvents(due.Select(row => row.Event).ToList(), old.Select(row => row.Event).ToList());
        },
        cancellation);

    /// <summary>Forgets events that no provider will repeat.</summary>
    public Task<int> Forget(CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "DELETE FROM payment_events WHERE received_at <= @oldest AND state <> 'waiting'", new { oldest = Ms(clock.GetUtcNow() - Kept) }, transaction),
        cancellation);

    private static Task Update(string change, IEnumerable<Row> rows, DbTransaction transaction) => transaction.Connection!.ExecuteAsync(
        $"UPDATE payment_events SET {change} WHERE provider = @Provider AND event_id = @EventId", rows.Select(row => row.Event), transaction);

    /// <summary>1, 2, 4 … minutes, at most an hour.</summary>
    private static TimeSpan DelayAfter(long tries) => FirstDelay * Math.Min(60, 1L << (int)Math.Min(tries, 6));

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private sealed record Row(string Provider, string EventId, string Type, string PaymentId, string CheckoutId, long ReceivedAt, long Tries)
    {
        public PaymentEvent Event => new(Provider, EventId, Type, PaymentId, CheckoutId);
    }
}

/// <summary>A provider says that a payment changed; how, only the provider's answer to a question tells.</summary>
/// <param name="EventId">The provider's: the same for every delivery of this event.</param>
public sealed record PaymentEvent(string Provider, string EventId, string Type, string PaymentId, string CheckoutId)
{
    /// <summary>Money that was given back is with the shop again: no matter how long ago the checkout ended.</summary>
    public bool ConcernsRefund => Type.Contains("refund", StringComparison.Ordinal);
}

public sealed record DueEvents(IReadOnlyList<PaymentEvent> Due, IReadOnlyList<PaymentEvent> GivenUp);
