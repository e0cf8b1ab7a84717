using System.Data.Common;
using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Orders;

/// <summary>Refunds of orders. Requesting one is the gate: it counts against the order from then on, so that two operators never give back more than was paid.</summary>
public sealed class RefundBook(ShopDatabase database, TimeProvider clock)
{
    private const string Select =
        """
        SELECT r.refund_id AS RefundId, r.order_id AS OrderId, r.state AS State, o.currency AS Currency, r.amount AS Amount, r.tax AS Tax, r.reason AS Reason,
               r.provider_id AS ProviderId, r.detail AS Detail, r.requested_at AS RequestedAt, r.request_hash AS RequestHash
        FROM refunds r JOIN orders o ON o.order_id = r.order_id
        """;

    public Task<RefundGate> Request(RefundRequest request, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            if (request.KeyHash is not null && await Single(connection, "r.key_hash = @KeyHash", request, transaction) is { } earlier)
                return new RefundGate(RefundGateOutcome.Repeated, earlier);

            var order = await connection.QuerySingleOrDefaultAsync<OrderRow?>(
                "SELECT state AS State, grand_total AS Total, tax_cost AS Tax, refunds_total AS Refunded, refunds_tax AS RefundedTax FROM orders WHERE order_id = @OrderId",
                request,
                transaction);
            if (order is null)
                return new(RefundGateOutcome.UnknownOrder);
            if (order.State != "placed")
                return new(RefundGateOutcome.OrderCancelled);

            var amount = request.Amount ?? order.Left;
            if (amount < 1 || amount > order.Left)
                return new(RefundGateOutcome.ExceedsOrder, Left: order.Left);

            var sold = (await connection.QueryAsync<(string Sku, long Left)>(
                "SELECT sku, quantity - returned FROM order_lines WHERE order_id = @OrderId ORDER BY sku", request, transaction)).ToDictionary(line => line.Sku, line => (int)line.Left);
            var lines = request.Restock ?? (request.Amount is null ? sold.Where(line => line.Value > 0).Select(line => new RefundLine(line.Key, line.Value)).ToList() : []);
            if (lines.FirstOrDefault(line => line.Quantity > sold.GetValueOrDefault(line.Sku)) is { } tooMany)
                return new(RefundGateOutcome.ExceedsSold, Left: sold.GetValueOrDefault(tooMany.Sku), Sku: tooMany.Sku);

            await Insert(request, amount, order.TaxOf(amount), lines, transaction);
            return new(RefundGateOutcome.Accepted, await Single(connection, "r.refund_id = @RefundId", request, transaction));
        },
        cancellation);

    /// <summary>What failed no longer counts against its order.</summary>
    public Task<bool> Save(SaveRefund save, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var changed = await connection.ExecuteAsync(
                """
                UPDATE refunds SET state = @state, version = @Version, provider_id = COALESCE(@ProviderId, provider_id), detail = @Detail, updated_at = @now
                WHERE refund_id = @RefundId AND version < @Version AND state <> 'failed'
                """,
                new { save.RefundId, save.Version, save.ProviderId, save.Detail, state = Word(save.Status), now = Now },
                transaction);
            if (changed == 0 || save.Status != RefundStatus.Failed)
                return changed > 0;

            await connection.ExecuteAsync(
                """
                UPDATE orders SET
                    refunds_total = refunds_total - (SELECT amount FROM refunds WHERE refund_id = @RefundId),
                    refunds_tax = refunds_tax - (SELECT tax FROM refunds WHERE refund_id = @RefundId)
                WHERE order_id = (SELECT order_id FROM refunds WHERE refund_id = @RefundId);
                UPDATE order_lines SET
                    returned = returned - (SELECT l.quantity FROM refund_lines l WHERE l.refund_id = @RefundId AND l.sku = order_lines.sku)
                WHERE order_id = (SELECT order_id FROM refunds WHERE refund_id = @RefundId) AND sku IN (SELECT sku FROM refund_lines WHERE refund_id = @RefundId)
                """,
                save,
                transaction);
            return true;
        },
        cancellation);

    public Task<StoredRefund?> Find(string orderId, string refundId, CancellationToken cancellation) => database.Read(
        connection => Single(connection, "r.refund_id = @refundId AND r.order_id = @orderId", new { orderId, refundId }, null), cancellation);

    /// <summary>An order's refunds, oldest first.</summary>
    public Task<IReadOnlyList<StoredRefund>> Of(string orderId, CancellationToken cancellation) => database.Read<IReadOnlyList<StoredRefund>>(
        async connection =>
        {
            var refunds = new List<StoredRefund>();
            foreach (var row in (await connection.QueryAsync<RefundRow>($"{Select} WHERE r.order_id = @orderId ORDER BY r.requested_at, r.refund_id", new { orderId })).ToList())
                refunds.Add(row.ToRefund(await Lines(connection, row.RefundId, null)));
            return refunds;
        },
        cancellation);

    /// <summary>Those that were requested and not heard of since, and those that wait for an operator; longest waiting first.</summary>
    public Task<IReadOnlyList<StoredRefund>> Unsettled(DateTimeOffset before, int most, CancellationToken cancellation) => database.Read<IReadOnlyList<StoredRefund>>(
        async connection =>
        {
            var found = await connection.QueryAsync<RefundRow>(
                $"{Select} WHERE r.state IN ('requested', 'needs_attention') AND r.updated_at <= @before ORDER BY r.updated_at, r.refund_id LIMIT @most",
                new { before = before.ToUnixTimeMilliseconds(), most });
            return found.Select(row => row.ToRefund([])).ToList();
        },
        cancellation);

    private static async Task<StoredRefund?> Single(DbConnection connection, string where, object parameters, DbTransaction? transaction) =>
        await connection.QuerySingleOrDefaultAsync<RefundRow>($"{Select} WHERE {where}", parameters, transaction) is { } row
            ? row.ToRefund(await Lines(connection, row.RefundId, transaction))
            : null;

    private static async Task<List<RefundLine>> Lines(DbConnection connection, string refundId, DbTransaction? transaction) =>
        (await connection.QueryAsync<(string Sku, long Quantity)>(
            "SELECT sku, quantity FROM refund_lines WHERE refund_id = @refundId ORDER BY sku", new { refundId }, transaction))
        .Select(line => new RefundLine(line.Sku, (int)line.Quantity)).ToList();

    private async Task Insert(RefundRequest request, long amount, long tax, IReadOnlyList<RefundLine> lines, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(
            "UPDATE orders SET refunds_total = refunds_total + @amount, refunds_tax = refunds_tax + @tax WHERE order_id = @OrderId",
            new { request.OrderId, amount, tax },
            transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO refunds (refund_id, order_id, state, amount, tax, reason, key_hash, request_hash, requested_at, updated_at)
            VALUES (@RefundId, @OrderId, 'requested', @amount, @tax, @Reason, @KeyHash, @RequestHash, @now, @now)
            """,
            new { request.RefundId, request.OrderId, request.Reason, request.KeyHash, request.RequestHash, amount, tax, now = Now },
            transaction);
        foreach (var line in lines)
        {
            await connection.ExecuteAsync(
                "INSERT INTO refund_lines (refund_id, sku, quantity) VALUES (@RefundId, @Sku, @Quantity)",
                new { request.RefundId, line.Sku, line.Quantity },
                transaction);
            await connection.ExecuteAsync(
                "UPDATE order_lines SET returned = returned + @Quantity WHERE order_id = @OrderId AND sku = @Sku",
                new { request.OrderId, line.Sku, line.Quantity },
                transaction);
        }
    }

    private static string Word(RefundStatus status) => status switch
    {
        RefundStatus.Requested => "requested",
        RefundStatus.Refunded => "refunded",
        RefundStatus.NeedsAttention => "needs_attention",
        _ => "failed",
    };

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record OrderRow(string State, long Total, long Tax, long Refunded, long RefundedTax)
    {
        public long Left => Total - Refunded;

        /// <summary>The share of the tax, of all that was given back so far, so that rounding never adds up; the last refund takes what is left of it.</summary>
        public long TaxOf(long amount)
        {
            var share = amount == Left ? Tax : (long)((decimal)Tax * (Refunded + amount) / Total);
            return Math.Clamp(share - RefundedTax, 0, amount);
        }
    }

    private sealed class RefundRow
    {
        public string RefundId { get; init; } = "";
        public string OrderId { get; init; } = "";
        public string State { get; init; } = "";
        public string Currency { get; init; } = "";
        public long Amount { get; init; }
        public long Tax { get; init; }
        public string Reason { get; init; } = "";
        public string? ProviderId { get; init; }
        public string? Detail { get; init; }
        public long RequestedAt { get; init; }
        public string RequestHash { get; init; } = "";

        public StoredRefund ToRefund(IReadOnlyList<RefundLine> lines) => new(
            RefundId, OrderId, Enum.GetValues<RefundStatus>().Single(status => Word(status) == State), Currency, Amount, Tax, Reason, lines,
            ProviderId, Detail, DateTimeOffset.FromUnixTimeMilliseconds(RequestedAt), RequestHash);
    }
}
