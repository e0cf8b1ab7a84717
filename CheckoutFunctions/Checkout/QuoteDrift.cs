using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>How far the totals have moved since the buyer saw them, and how that is told.</summary>
public static class QuoteDrift
{
    /// <summary>Further than the shop bears for the buyer, or keeps: a share of the total that the buyer saw.</summary>
    public static bool IsBeyondTolerance(CheckoutState seen, CheckoutState now) =>
        now.Session.GrandTotal is not { } total
        || Math.Abs(total - seen.Session.GrandTotal!.Value) * 100m > seen.Limits.QuoteTolerancePercent * seen.Session.GrandTotal.Value;

    /// <summary>Each amount that differs, in the session's order; the grand total last.</summary>
    public static IReadOnlyList<AmountChange> Changes(SessionDocument seen, SessionDocument now)
    {
        AmountChange[] amounts =
        [
            new("/subtotal", seen.Subtotal, now.Subtotal),
            new("/discount_total", seen.DiscountTotal, now.DiscountTotal),
            new("/shipping_cost", seen.ShippingCost, now.ShippingCost),
            new("/tax_cost", seen.TaxCost, now.TaxCost),
            new("/grand_total", seen.GrandTotal, now.GrandTotal),
        ];
        return amounts.Where(amount => amount.Before != amount.After).ToList();
    }

    /// <summary>"The total was 41 USD and is now 41.54 USD (shipping 10 → 10.5 USD, …)."</summary>
    public static string Describe(SessionDocument seen, IReadOnlyList<AmountChange> changes)
    {
        string Amount(long? minor) => minor is { } known ? new Money(known, seen.Currency).ToString() : "not known";
        var parts = changes.Where(change => change.Pointer != "/grand_total").Select(change => $"{Names[change.Pointer]} {Amount(change.Before)} → {Amount(change.After)}").ToList();
        var total = changes.FirstOrDefault(change => change.Pointer == "/grand_total") is { } changed
            ? $"The total was {Amount(changed.Before)} and is now {Amount(changed.After)}"
            : "The total is the same";
        return parts.Count == 0 ? $"{total}." : $"{total} ({string.Join(", ", parts)}).";
    }

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["/subtotal"] = "goods",
        ["/discount_total"] = "discount",
        ["/shipping_cost"] = "shipping",
        ["/tax_cost"] = "tax",
    };
}
