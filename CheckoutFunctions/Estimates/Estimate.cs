using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Estimates;

/// <summary>
/// What a checkout would cost at a postal code, by the cheapest rate, in minor units of <paramref name="Currency"/>. What isn't known yet is null,
/// never zero, and named in <paramref name="Missing"/>.
/// </summary>
/// <param name="Tax">Who says the tax, and when.</param>
/// <param name="Missing"><c>shipping</c>, <c>tax</c>.</param>
public sealed record Estimate(
    string Currency, long Subtotal, long DiscountTotal, long? ShippingCost, long? TaxCost, long? GrandTotal, SessionTax? Tax, IReadOnlyList<string> Missing)
{
    /// <summary>Always: a street, or another rate, may cost more.</summary>
    public bool Estimated => true;
}
