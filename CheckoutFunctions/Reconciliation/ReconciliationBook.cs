using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Reconciliation;

/// <summary>What reconciliation reads of the shop's database, in bounded windows, and the report of the timer's last run.</summary>
public sealed class ReconciliationBook(ShopDatabase shop)
{
    private const string Orders =
        """
        SELECT order_id AS OrderId, checkout_id AS CheckoutId, payment_id AS PaymentId, hold_key AS HoldKey, currency AS Currency,
               grand_total AS Total, refunds_total AS Refunds, placed_at AS PlacedAt
        FROM orders
        """;

    /// <summary>Orders that count, newest first.</summary>
    public Task<List<BookedOrder>> OrdersBetween(DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellation) => shop.Read(
        async connection => (await connection.QueryAsync<BookedOrder>(
            $"{Orders} WHERE state <> 'cancelled' AND placed_at >= @from AND placed_at <= @to ORDER BY placed_at DESC LIMIT @most",
            new { from = Ms(from), to = Ms(to), most })).ToList(),
        cancellation);

    public Task<BookedOrder?> OrderOf(string checkoutId, CancellationToken cancellation) => shop.Read(
        connection => connection.QuerySingleOrDefaultAsync<BookedOrder?>($"{Orders} WHERE checkout_id = @checkoutId AND state <> 'cancelled'", new { checkoutId }),
        cancellation);

    /// <summary>Holds that take stock now, first those that end first.</summary>
    public Task<List<LiveHold>> LiveHolds(int most, CancellationToken cancellation) => shop.Read(
        async connection => (await connection.QueryAsync<LiveHold>(
            "SELECT hold_key AS HoldKey, checkout_id AS CheckoutId, expires_at AS ExpiresAt FROM holds WHERE state = 'held' ORDER BY expires_at LIMIT @most",
            new { most })).ToList(),
        cancellation);

    /// <summary>Which of these codes take off the shipping instead of an amount.</summary>
    public Task<List<string>> FreeShipping(IEnumerable<string> codes, CancellationToken cancellation) => shop.Read(
        async connection => (await connection.QueryAsync<string>($"SELECT code FROM discounts WHERE kind = 'free_shipping' AND code {connection.In("codes")}", new { codes = codes.ToArray() })).ToList(), cancellation);

    public Task Remember(ReconciliationReport report, CancellationToken cancellation) => shop.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO reconciliations (name, ran_at, report) VALUES ('timer', @now, @report)
            ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at, report = excluded.report
            """,
            new { now = Ms(report.AsOf), report = Json.Write(report) },
            transaction),
        cancellation);

    /// <summary>What the timer found last, as JSON; null before its first run.</summary>
    public Task<string?> LastRun(CancellationToken cancellation) => shop.Read(
        connection => connection.ExecuteScalarAsync<string?>("SELECT report FROM reconciliations WHERE name = 'timer'"), cancellation);

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}

/// <param name="Total">In minor units, as is <paramref name="Refunds"/>: what was given back or is on its way back.</param>
public sealed record BookedOrder(
    string OrderId, string CheckoutId, string PaymentId, string HoldKey, string Currency, long Total, long Refunds, long PlacedAt)
{
    public DateTimeOffset Placed => DateTimeOffset.FromUnixTimeMilliseconds(PlacedAt);
}

public sealed record LiveHold(string HoldKey, string CheckoutId, long ExpiresAt)
{
    public DateTimeOffset Expires => DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt);
}
