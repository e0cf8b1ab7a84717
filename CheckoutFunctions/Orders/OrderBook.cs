using System.Data.Common;
using System.Text.Json;
using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Orders;

/// <summary>Orders, at most one that counts per checkout. Placing writes the order and sells its hold in one transaction.</summary>
public sealed class OrderBook(ShopDatabase database)
{
    public Task<OrderPlacement> Place(PlaceOrder request, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var order = request.Order;
            if (await StateOf(order.OrderId, transaction) is { } state)
                return new OrderPlacement(state == "cancelled" ? OrderPlacementOutcome.Cancelled : OrderPlacementOutcome.Placed);

            var other = await transaction.Connection!.ExecuteScalarAsync<string?>(
                "SELECT order_id FROM orders WHERE checkout_id = @CheckoutId AND state <> 'cancelled'", order, transaction);
            if (other is not null)
                return new OrderPlacement(OrderPlacementOutcome.OtherOrderExists);
            if (await transaction.Connection!.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM closed_checkouts WHERE checkout_id = @CheckoutId", order, transaction) > 0)
                return new OrderPlacement(OrderPlacementOutcome.Cancelled);

            if (!await SellHold(request, transaction))
                return new OrderPlacement(OrderPlacementOutcome.HoldLost);

            await Insert(request, "placed", transaction);
            return new OrderPlacement(OrderPlacementOutcome.Placed);
        },
        cancellation);

    /// <summary>Cancelling what was never placed leaves a cancelled order behind, so that a placement still on its way places nothing.</summary>
    public Task<bool> Cancel(CancelOrder request, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            switch (await StateOf(request.Order.OrderId, transaction))
            {
                case "cancelled":
                    return false;
                case null:
                    await Insert(new PlaceOrder(request.Order, request.HoldKey), "cancelled", transaction);
                    return false;
            }

            await transaction.Connection!.ExecuteAsync("UPDATE orders SET state = 'cancelled' WHERE order_id = @OrderId", request.Order, transaction);
            await Move(request.HoldKey, "sold", "held", transaction);
            return true;
        },
        cancellation);

    /// <summary>
    /// For a checkout whose orchestration has ended. Null: it has no order that counts, and from now on a placement or reservation that is still on its
    /// way places and takes nothing. One of the two, whatever else is at work: so that money is taken for an order or given back, and never both.
    /// </summary>
    /// <returns>The order's id.</returns>
    public Task<string?> Close(string checkoutId, DateTimeOffset now, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var order = await transaction.Connection!.ExecuteScalarAsync<string?>(
                "SELECT order_id FROM orders WHERE checkout_id = @checkoutId AND state <> 'cancelled'", new { checkoutId }, transaction);
            if (order is null)
            {
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO closed_checkouts (checkout_id, closed_at) VALUES (@checkoutId, @now) ON CONFLICT (checkout_id) DO NOTHING",
                    new { checkoutId, now = now.ToUnixTimeMilliseconds() },
                    transaction);
            }

            return order;
        },
        cancellation);

    public Task<StoredOrder?> Find(string orderId, CancellationToken cancellation) => database.Read(
        async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<OrderRow>(
                """
                SELECT order_id AS OrderId, checkout_id AS CheckoutId, state AS State, payment_id AS PaymentId, currency AS Currency,
                       subtotal AS Subtotal, discount_total AS DiscountTotal, shipping_cost AS ShippingCost, tax_cost AS TaxCost, grand_total AS GrandTotal,
                       email AS Email, ship_to AS ShipTo, shipping_method AS ShippingMethod, placed_at AS PlacedAt,
                       secret_hash AS SecretHash, tax_source AS TaxSource,
                       (SELECT CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM refunds r WHERE r.order_id = orders.order_id AND r.state = 'refunded') AS Refunded
                FROM orders WHERE order_id = @orderId
                """,
                new { orderId });
            if (row is null)
                return null;

            var lines = await connection.QueryAsync<(string Sku, string Name, long Quantity, long UnitPrice)>(
                "SELECT sku, name, quantity, unit_price FROM order_lines WHERE order_id = @orderId ORDER BY sku", new { orderId });
            return row.ToOrder(lines.Select(line => new LineItem(line.Sku, line.Name, (int)line.Quantity, line.UnitPrice, null, 0)).ToList());
        },
        cancellation);

    private static Task<string?> StateOf(string orderId, DbTransaction transaction) =>
        transaction.Connection!.ExecuteScalarAsync<string?>("SELECT state FROM orders WHERE order_id = @orderId", new { orderId }, transaction);

    /// <summary>A hold that expired while the buyer was paying is sold all the same where its stock is still free.</summary>
    private static async Task<bool> SellHold(PlaceOrder request, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        switch (await connection.ExecuteScalarAsync<string?>("SELECT state FROM holds WHERE hold_key = @HoldKey", request, transaction))
        {
            case "held":
                await Move(request.HoldKey, "held", "sold", transaction);
                return true;
            case "expired":
                var missing = await connection.ExecuteScalarAsync<long>(
                    "SELECT COUNT(*) FROM hold_lines l JOIN stock s ON s.sku = l.sku WHERE l.hold_key = @HoldKey AND s.free < l.quantity", request, transaction);
                if (missing > 0 || await CodesAreUsedUp(request.HoldKey, transaction))
                    return false;

                await Move(request.HoldKey, "free", "sold", transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether somebody else took the last use of one of the hold's discount codes since it expired.</summary>
    private static async Task<bool> CodesAreUsedUp(string holdKey, DbTransaction transaction) => await transaction.Connection!.ExecuteScalarAsync<long>(
        """
        SELECT COUNT(*) FROM hold_codes mine JOIN discounts d ON d.code = mine.code
        WHERE mine.hold_key = @holdKey AND d.max_uses <= (
            SELECT COUNT(*) FROM hold_codes c JOIN holds h ON h.hold_key = c.hold_key WHERE c.code = d.code AND h.state IN ('held', 'sold'))
        """,
        new { holdKey },
        transaction) > 0;

    /// <summary>Moves a hold's quantities from one column of the stock to another; the hold ends up <c>held</c> or <c>sold</c> with it.</summary>
    private static async Task Move(string holdKey, string from, string to, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync("UPDATE holds SET state = @to WHERE hold_key = @holdKey", new { holdKey, to }, transaction);
        await connection.ExecuteAsync(
            $"""
            UPDATE stock SET
                {from} = {from} - (SELECT l.quantity FROM hold_lines l WHERE l.hold_key = @holdKey AND l.sku = stock.sku),
                {to} = {to} + (SELECT l.quantity FROM hold_lines l WHERE l.hold_key = @holdKey AND l.sku = stock.sku)
            WHERE sku IN (SELECT sku FROM hold_lines WHERE hold_key = @holdKey)
            """,
            new { holdKey },
            transaction);
    }

    private static async Task Insert(PlaceOrder request, string state, DbTransaction transaction)
    {
        var order = request.Order;
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO orders (order_id, checkout_id, state, hold_key, payment_id, currency, subtotal, discount_total, shipping_cost, tax_cost, grand_total, email, ship_to, shipping_method, placed_at)
            VALUES (@OrderId, @CheckoutId, @state, @HoldKey, @PaymentId, @Currency, @Subtotal, @DiscountTotal, @ShippingCost, @TaxCost, @GrandTotal, @Email, @shipTo, @ShippingMethod, @placedAt)
            """,
            new
            {
                order.OrderId,
                order.CheckoutId,
                state,
                request.HoldKey,
                order.PaymentId,
                order.Currency,
                order.Subtotal,
                order.DiscountTotal,
                order.ShippingCost,
                order.TaxCost,
                order.GrandTotal,
                order.Email,
                order.ShippingMethod,
                shipTo = JsonSerializer.Serialize(order.ShipTo),
                placedAt = order.PlacedAt.ToUnixTimeMilliseconds(),
            },
            transaction);
        foreach (var line in order.Items)
        {
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO order_lines (order_id, sku, name, quantity, unit_price) VALUES (@OrderId, @Sku, @Name, @Quantity, @UnitPrice)",
                new { order.OrderId, line.Sku, line.Name, line.Quantity, line.UnitPrice },
                transaction);
        }
    }

    private sealed class OrderRow
    {
        public string OrderId { get; init; } = "";
        public string CheckoutId { get; init; } = "";
        public string State { get; init; } = "";
        public string PaymentId { get; init; } = "";
        public string Currency { get; init; } = "";
        public long Subtotal { get; init; }
        public long DiscountTotal { get; init; }
        public long ShippingCost { get; init; }
        public long TaxCost { get; init; }
        public long GrandTotal { get; init; }
        public string? Email { get; init; }
        public string ShipTo { get; init; } = "";
        public string ShippingMethod { get; init; } = "";
        public long PlacedAt { get; init; }
        public long Refunded { get; init; }
        public string? SecretHash { get; init; }
        public string? TaxSource { get; init; }

        public StoredOrder ToOrder(IReadOnlyList<LineItem> items) => new(
            new Order(
                OrderId, CheckoutId, Currency, items, Subtotal, DiscountTotal, ShippingCost, TaxCost, GrandTotal, Email,
                JsonSerializer.Deserialize<Address>(ShipTo)!, ShippingMethod, PaymentId, DateTimeOffset.FromUnixTimeMilliseconds(PlacedAt)),
            State == "cancelled" ? OrderState.Cancelled
                : Refunded == 0 ? OrderState.Placed
                : Refunded < GrandTotal ? OrderState.PartiallyRefunded
                : OrderState.Refunded,
            Refunded,
            SecretHash is null ? null : new(SecretHash, TaxSource));
    }
}
