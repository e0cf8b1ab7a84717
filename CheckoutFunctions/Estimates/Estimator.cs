using System.Text.Json;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Estimates;

/// <summary>
/// Prices a checkout for a postal code as its own orchestration would, without that one's knowledge: nothing of the checkout changes.
/// It answers within its budget with what is known by then; what isn't goes on being asked for, and the next call finds it.
/// </summary>
public sealed class Estimator(EstimateQuestions questions, DiscountCodes discounts, EstimateOptions options, TimeProvider time)
{
    public async Task<Estimate> Of(StoredSession session, Address place, CancellationToken cancellation)
    {
        var cart = await Cart(session, place, cancellation);
        var shipping = questions.Ship(cart);
        var tax = questions.Tax(shipping);
        await Within(options.Patience, tax, cancellation);

        var shipped = shipping.IsCompleted ? await shipping : null;
        var taxed = tax.IsCompleted ? await tax : shipped is not null ? await questions.LastKnownTax(shipped, cancellation) : null;
        return Shown(taxed ?? shipped ?? cart);
    }

    /// <summary>The cart at the prices of its session, with those of its codes that hold now.</summary>
    private async Task<CheckoutState> Cart(StoredSession session, Address place, CancellationToken cancellation)
    {
        var start = JsonSerializer.Deserialize<CheckoutState>(session.Input)!;
        var shown = session.Document;
        var prices = shown.Items.ToDictionary(item => item.Sku, item => item.UnitPrice, StringComparer.Ordinal);
        var codes = shown.Discounts.Select(discount => discount.Code).ToList();
        var cart = start with
        {
            Items = [.. start.Items.Select(item => item with { UnitPrice = prices.GetValueOrDefault(item.Sku, item.UnitPrice) })],
            DiscountRules = codes.Count == 0 ? [] : (await discounts.Check(new(codes, shown.Currency), cancellation)).Rules,
            Session = shown with { ShippingAddress = place, ShippingRates = null, ShippingMethod = null, ShippingCost = null, TaxCost = null, Tax = null },
        };
        return cart.Reprice();
    }

    private async Task Within(TimeSpan patience, Task asked, CancellationToken cancellation)
    {
        try
        {
            await asked.WaitAsync(patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            // What is known by now is told.
        }
    }

    private static Estimate Shown(CheckoutState state)
    {
        var priced = state.Session;
        List<string> missing = [];
        if (priced.ShippingCost is null)
            missing.Add("shipping");
        if (priced.TaxCost is null)
            missing.Add("tax");
        return new(priced.Currency, priced.Subtotal, priced.DiscountTotal, priced.ShippingCost, priced.TaxCost, priced.GrandTotal, priced.Tax, missing);
    }
}
