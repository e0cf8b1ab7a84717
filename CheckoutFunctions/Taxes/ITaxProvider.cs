using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Taxes;

/// <summary>Calculates sales tax, and records it once an order is paid. A fault is a <see cref="ProviderException"/>, never a zero.</summary>
public interface ITaxProvider
{
    string Name { get; }

    Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation);

    /// <summary>Records the paid order's tax. A second call with the same <see cref="TaxDocument.OrderId"/> changes nothing.</summary>
    Task Record(TaxDocument document, CancellationToken cancellation);

    /// <summary>
    /// Records that a part of a recorded order was given back. A second call with the same <see cref="TaxRefund.RefundId"/> changes nothing.
    /// An order that isn't recorded yet is a fault: its refund must not come before it.
    /// </summary>
    Task RecordRefund(TaxRefund refund, CancellationToken cancellation);
}

/// <summary>What is taxed, in minor units: the lines with their discounts, and the shipping that the buyer pays.</summary>
public sealed record TaxRequest(string Currency, Address From, Address To, long Shipping, IReadOnlyList<TaxLine> Lines);

public sealed record TaxLine(string Sku, string Name, int Quantity, long UnitPrice, long Discount, string? TaxCode)
{
    public long Net => checked((UnitPrice * Quantity) - Discount);
}

/// <summary>The tax, or the provider's reason why it can't tax that address (<paramref name="Refusal"/>: a "no", not a fault).</summary>
public sealed record TaxAnswer(long Amount, string? Refusal = null)
{
    /// <summary>What each category was taxed with there, as far as the provider says: for the day on which nobody can be asked.</summary>
    public IReadOnlyList<TaxRate> Rates { get; init; } = [];

    /// <summary>When the provider said it; it may come out of a cache. Null: just now.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>The tax of a paid order, as it was charged. <paramref name="Tax"/> in minor units.</summary>
public sealed record TaxDocument(string OrderId, DateTimeOffset PlacedAt, TaxRequest Taxed, long Tax);

/// <summary>What a buyer got back of an order, in minor units. <paramref name="Amount"/> holds <paramref name="Tax"/>.</summary>
public sealed record TaxRefund(string RefundId, string OrderId, DateTimeOffset RefundedAt, string Currency, long Amount, long Tax);
