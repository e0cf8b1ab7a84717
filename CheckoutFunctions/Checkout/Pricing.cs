using CheckoutFunctions.Discounts;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Checkout;

/// <summary>What a cart costs: <c>grand_total = subtotal − discount_total + shipping_cost + tax_cost</c>, exactly, in minor units.</summary>
public static class Pricing
{
    /// <summary>Fills in the amounts that follow from the others. The grand total is known once shipping and tax are.</summary>
    public static CheckoutState Reprice(this CheckoutState state)
    {
        var session = state.Session;
        var discounts = Discounts(state);
        var subtotal = Subtotal(state);
        var discountTotal = discounts.Sum(discount => discount.Amount);
        return state with
        {
            Session = session with
            {
                Items = state.Items.Select(item => new SessionItem(item.Sku, item.Name, item.Quantity, item.UnitPrice, item.LineTotal)).ToList(),
                Discounts = discounts,
                Subtotal = subtotal,
                DiscountTotal = discountTotal,
                GrandTotal = session is { ShippingCost: { } shipping, TaxCost: { } tax } ? checked(subtotal - discountTotal + shipping + tax) : null,
            },
        };
    }

    /// <summary>The tax request of this state: each line with its share of the discounts, and the shipping that is left to pay.</summary>
    public static CalculateTax TaxRequest(this CheckoutState state)
    {
        var shipping = state.Session.ShippingCost ?? throw new InvalidOperationException("Tax needs a shipping method.");
        var to = state.Session.ShippingAddress ?? throw new InvalidOperationException("Tax needs an address.");
        var freeShipping = state.DiscountRules.Any(rule => rule.Kind == DiscountKind.FreeShipping);
        return new CalculateTax(state.Session.Currency, to, freeShipping ? 0 : shipping, TaxLines(state));
    }

    private static long Subtotal(CheckoutState state) => state.Items.Sum(item => item.LineTotal);

    private static List<AppliedDiscount> Discounts(CheckoutState state)
    {
        var left = Subtotal(state);
        var applied = new List<AppliedDiscount>();
        foreach (var rule in state.DiscountRules)
        {
            if (rule.Kind == DiscountKind.FreeShipping)
            {
                var shippingLeft = (state.Session.ShippingCost ?? 0) - applied.Where(discount => IsFreeShipping(state, discount)).Sum(discount => discount.Amount);
                applied.Add(new(rule.Code, shippingLeft));
                continue;
            }

            // Discounts on goods never exceed the goods.
            var amount = Math.Min(left, rule.Kind == DiscountKind.Percent ? PercentOf(Subtotal(state), rule.Value) : rule.Value);
            left -= amount;
            applied.Add(new(rule.Code, amount));
        }

        return applied;
    }

    private static bool IsFreeShipping(CheckoutState state, AppliedDiscount discount) =>
        state.DiscountRules.Any(rule => rule.Code == discount.Code && rule.Kind == DiscountKind.FreeShipping);

    /// <summary>Hundredths of a percent of an amount; half a minor unit rounds up.</summary>
    private static long PercentOf(long amount, long hundredthsOfPercent) => checked(((amount * hundredthsOfPercent) + 5000) / 10000);

    private static List<TaxLine> TaxLines(CheckoutState state)
    {
        var subtotal = Subtotal(state);
        var left = Discounts(state).Where(discount => !IsFreeShipping(state, discount)).Sum(discount => discount.Amount);
        var subtotalLeft = subtotal;
        var lines = new List<TaxLine>();
        foreach (var item in state.Items)
        {
            // Each line takes its share of what is left, so that the shares add up to the whole.
            var share = subtotalLeft == 0 ? 0 : (long)Math.Round((decimal)left * item.LineTotal / subtotalLeft, MidpointRounding.AwayFromZero);
            left -= share;
            subtotalLeft -= item.LineTotal;
            lines.Add(new TaxLine(item.Sku, item.Name, item.Quantity, item.UnitPrice, share, item.TaxCode));
        }

        return lines;
    }
}
