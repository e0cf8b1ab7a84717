using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Receipts;

/// <summary>What stands on a receipt, all of it settled: the same order gives the same receipt, but for refunds that came since.</summary>
/// <param name="Discounts">By code where the checkout's session still says so, else in one sum.</param>
/// <param name="Shipping">What the buyer chose, in words.</param>
/// <param name="Tax">With who calculated it.</param>
public sealed record Receipt(
    ShopOptions Shop,
    Order Order,
    IReadOnlyList<ReceiptAmount> Discounts,
    ReceiptAmount Shipping,
    ReceiptAmount Tax,
    IReadOnlyList<ReceiptAmount> Refunds)
{
    public static Receipt Of(ShopOptions shop, StoredOrder stored, SessionDocument? session, IEnumerable<StoredRefund> refunds) => new(
        shop,
        stored.Order,
        DiscountsOf(stored.Order, session),
        new($"Shipping, {MethodOf(stored.Order, session)}", stored.Order.ShippingCost),
        new(TaxOf(session?.Tax?.Source ?? stored.Kept?.TaxSource), stored.Order.TaxCost),
        [.. refunds
            .Where(refund => refund.Status == RefundStatus.Refunded)
            .OrderBy(refund => refund.RequestedAt)
            .ThenBy(refund => refund.RefundId, StringComparer.Ordinal)
            .Select(refund => new ReceiptAmount($"Refunded {refund.RequestedAt.UtcDateTime:yyyy-MM-dd}", -refund.Amount))]);

    private static List<ReceiptAmount> DiscountsOf(Order order, SessionDocument? session)
    {
        if (session is not null && session.Discounts.Sum(discount => discount.Amount) == order.DiscountTotal)
            return [.. session.Discounts.Select(discount => new ReceiptAmount($"Discount {discount.Code}", -discount.Amount))];
        return order.DiscountTotal == 0 ? [] : [new("Discounts", -order.DiscountTotal)];
    }

    private static string MethodOf(Order order, SessionDocument? session) =>
        session?.ShippingRates?.FirstOrDefault(rate => rate.Id == order.ShippingMethod) is { } rate ? $"{rate.Carrier} {rate.Service}" : order.ShippingMethod.Replace('_', ' ');

    private static string TaxOf(string? source) => source switch
    {
        null => "Tax",
        "taxjar" => "Tax (TaxJar)",
        "avalara" => "Tax (Avalara AvaTax)",
        "last_known_rate" => "Tax, estimated (last known rate)",
        var other => $"Tax ({other.Replace('_', ' ')})",
    };
}

/// <param name="Amount">In minor units of the order's currency; what the buyer doesn't pay is negative.</param>
public sealed record ReceiptAmount(string Label, long Amount);
