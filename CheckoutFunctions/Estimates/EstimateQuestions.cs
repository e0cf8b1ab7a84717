using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Estimates;

/// <summary>
/// What an estimate asks: the same quotes as the checkout, out of the same caches, but nobody's cancellation ends a question, and none fails: it has no answer.
/// How many are asked at a time the caches bound.
/// </summary>
public sealed class EstimateQuestions(ShippingActivities shipping, TaxLadder taxes, ShopOptions shop, ILogger<EstimateQuestions> logger)
{
    /// <summary>The cart with its cheapest rate; null where there is none.</summary>
    public async Task<CheckoutState?> Ship(CheckoutState cart)
    {
        try
        {
            var quote = await shipping.FetchShippingRates(cart.RateRequest(cart.Session.ShippingAddress!), CancellationToken.None);
            return quote.Rates.MinBy(rate => rate.Cost) is { } cheapest ? cart.WithMethod(cheapest) : null;
        }
        catch (Exception failure)
        {
            logger.LogWarning("No shipping for an estimate: {Failure}", failure.Message);
            return null;
        }
    }

    /// <summary>The shipped cart with its tax; null where shipping, which may be taxed, or the tax itself can't be had.</summary>
    public async Task<CheckoutState?> Tax(Task<CheckoutState?> shipping)
    {
        try
        {
            return await shipping is { } shipped ? WithTax(shipped, await taxes.Quote(Request(shipped), CancellationToken.None)) : null;
        }
        catch (Exception failure)
        {
            logger.LogWarning("No tax for an estimate: {Failure}", failure.Message);
            return null;
        }
    }

    /// <summary>The shipped cart with its tax by the last known rates; nobody is asked.</summary>
    public async Task<CheckoutState?> LastKnownTax(CheckoutState shipped, CancellationToken cancellation) =>
        await taxes.LastKnown(Request(shipped), cancellation) is { } tax ? WithTax(shipped, tax) : null;

    private TaxRequest Request(CheckoutState shipped)
    {
        var asked = shipped.TaxRequest();
        return new(asked.Currency, shop.ShipFrom, asked.To, asked.Shipping, asked.Lines);
    }

    private static CheckoutState? WithTax(CheckoutState shipped, TaxQuote tax) => tax.Refusal is not null
        ? null
        : (shipped with { Session = shipped.Session with { TaxCost = tax.Amount, Tax = new(tax.Source, tax.Estimated, tax.AsOf) } }).Reprice();
}
