using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Receipts;

/// <summary>Puts a receipt together from the order, its refunds, and the checkout that it came from for as long as that is kept.</summary>
public sealed class ReceiptWriter(OrderBook orders, RefundBook refunds, ISessionStore sessions, ShopOptions shop)
{
    /// <summary>Null: there is no such order, or no money was taken for it.</summary>
    public async Task<Receipt?> Find(string orderId, CancellationToken cancellation)
    {
        if (await orders.Find(orderId, cancellation) is not { } stored || stored.State == OrderState.Cancelled)
            return null;

        // An order exists a moment before its money is taken; when the checkout is forgotten, only a paid one keeps who recorded its tax.
        var session = await sessions.Find(stored.Order.CheckoutId, cancellation);
        var isUnpaid = session is null ? stored.Kept is { TaxSource: null } : session.Document.Status != CheckoutStatus.Completed;
        return isUnpaid ? null : Receipt.Of(shop, stored, session?.Document, await refunds.Of(orderId, cancellation));
    }
}
