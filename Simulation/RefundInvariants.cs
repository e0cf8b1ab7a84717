using CheckoutFunctions.Database;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Refunds;
using Dapper;
using LocalHost.Engine;
using LocalHost.Storage;

namespace Simulation;

/// <summary>Refunds never exceed what was captured, always; and at rest the provider's, the tax provider's and our books say the same.</summary>
internal sealed class RefundInvariants(ShopDatabase shop, IOrchestrationStore instances, SimulatedPayments payments, SimulatedTaxes taxes)
{
    public async Task Always()
    {
        foreach (var payment in payments.Ledger.Values)
            Hold(payment.Refunded >= 0 && payment.Refunded <= payment.Captured, $"More was refunded than captured: {payment}");
        foreach (var refund in payments.Refunds.All.Where(IsMoney).GroupBy(refund => refund.RefundId))
            Hold(refund.Count() == 1, $"{refund.Key} was refunded {refund.Count()} times: {string.Join("; ", refund)}");

        var ours = await Refunds();
        if (ours.Count == 0 && payments.Refunds.All.Count == 0)
            return;

        foreach (var order in await Orders())
        {
            var counted = ours.Where(refund => refund.OrderId == order.OrderId && refund.State != "failed").ToList();
            Hold(order.Refunds == counted.Sum(refund => refund.Amount) && order.Refunds <= order.Total, $"The gate miscounts: {order}, {string.Join("; ", counted)}");
            Hold(order.RefundsTax == counted.Sum(refund => refund.Tax), $"The gate miscounts the tax: {order}, {string.Join("; ", counted)}");
        }

        foreach (var refund in payments.Refunds.All.Where(IsMoney))
            Hold(ours.Exists(known => known.RefundId == refund.RefundId && known.State != "failed"), $"Money went back that our books don't know: {refund}");
    }

    public async Task AtRest()
    {
        await Always();
        var ours = await Refunds();
        foreach (var refund in ours)
        {
            var instance = instances.Find(RefundState.InstanceOf(refund.OrderId, refund.RefundId));
            Hold(instance is { Status: OrchestrationRuntimeStatus.Completed }, $"{refund} has not ended: {instance?.Status} {instance?.Output} {instance?.CustomStatus}");
            Hold(refund.State is "refunded" or "failed", $"{refund} is neither done nor failed.");
            var given = payments.Refunds.All.Where(IsMoney).Where(given => given.RefundId == refund.RefundId).Sum(given => given.Stated.Amount);
            Hold(given == (refund.State == "refunded" ? refund.Amount : 0), $"The provider gave back {given}: {refund}");
            var isRecorded = taxes.Refunds.TryGetValue(refund.RefundId, out var document);
            Hold(isRecorded == (refund.State == "refunded"), $"The tax provider says otherwise: {refund}, {document}");
            Hold(!isRecorded || (document!.Amount == refund.Amount && document.Tax == refund.Tax), $"The tax provider says otherwise: {refund}, {document}");
        }

        foreach (var order in (await Orders()).Where(order => order.State == "placed"))
        {
            var payment = payments.Ledger[order.PaymentId];
            Hold(payment.Refunded == ours.Where(refund => refund.OrderId == order.OrderId && refund.State == "refunded").Sum(refund => refund.Amount), $"Books differ: {order}, {payment}");
            Hold(order.Refunds != order.Total || order.RefundsTax == order.Tax, $"All of it went back but not all of the tax: {order}");
        }

        foreach (var row in await shop.Read(connection => connection.QueryAsync<(string Sku, long Sold, long Ordered)>(
            """
            SELECT s.sku, s.sold, (SELECT COALESCE(SUM(l.quantity - l.returned), 0) FROM order_lines l JOIN orders o ON o.order_id = l.order_id WHERE l.sku = s.sku AND o.state = 'placed')
            FROM stock s
            """)))
        {
            Hold(row.Sold == row.Ordered, $"{row.Sku}: {row.Sold} are sold, and orders have {row.Ordered} that did not come back.");
        }
    }

    private static bool IsMoney(SimulatedRefund refund) => refund.Stated.State is PaymentRefundState.Succeeded or PaymentRefundState.Pending;

    private static void Hold(bool condition, string violation)
    {
        if (!condition)
            throw new InvariantException(violation);
    }

    private async Task<List<RefundRow>> Refunds() => (await shop.Read(connection => connection.QueryAsync<RefundRow>(
        "SELECT refund_id AS RefundId, order_id AS OrderId, state AS State, amount AS Amount, tax AS Tax, detail AS Detail FROM refunds"))).ToList();

    private async Task<List<OrderRow>> Orders() => (await shop.Read(connection => connection.QueryAsync<OrderRow>(
        """
        SELECT order_id AS OrderId, state AS State, payment_id AS PaymentId, grand_total AS Total, tax_cost AS Tax, refunds_total AS Refunds, refunds_tax AS RefundsTax FROM orders
        """))).ToList();

    private sealed record RefundRow(string RefundId, string OrderId, string State, long Amount, long Tax, string? Detail);

    private sealed record OrderRow(string OrderId, string State, string PaymentId, long Total, long Tax, long Refunds, long RefundsTax);
}
