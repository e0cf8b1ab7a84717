using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Refunds;

/// <summary>What a refund's orchestration starts from: all of it is in the orders' database, so that a start that was cut off can be made again.</summary>
/// <param name="Amount">In minor units, with <paramref name="Tax"/>, its part that is tax.</param>
/// <param name="TaxSource">The tax provider that recorded the order.</param>
public sealed record RefundState(
    string RefundId,
    string OrderId,
    string PaymentId,
    string Currency,
    long Amount,
    long Tax,
    string TaxSource,
    DateTimeOffset RequestedAt,
    IReadOnlyList<RefundLine> Restock)
{
    /// <summary>One per refund, and the same however often it is started.</summary>
    public static string InstanceOf(string orderId, string refundId) => $"{orderId}-{refundId}";

    /// <summary>The attempt grows only after the provider said that the one before has failed, and an operator that it shall be tried again.</summary>
    public RefundPayment Payment(int attempt) => new($"{RefundId}:{attempt}:refund", PaymentId, new Money(Amount, Currency));

    public RecordTaxRefund ToTaxRefund() => new(RefundId, OrderId, RequestedAt, Currency, Amount, Tax, TaxSource);

    public RestockInventory ToRestock() => new($"{RefundId}:restock", Restock.Select(line => new RestockLine(line.Sku, line.Quantity)).ToList());
}
