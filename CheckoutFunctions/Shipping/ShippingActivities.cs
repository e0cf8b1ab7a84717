using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Shipping;

/// <param name="WeightGrams">The goods alone; the packaging is added.</param>
public sealed record FetchShippingRates(Address To, int WeightGrams, string Currency);

public sealed class ShippingActivities(IEnumerable<IRateProvider> providers, ShopOptions shop, TimeProvider time)
{
    /// <summary>Asks all providers side by side. One that fails costs its rates only; if all fail, so does the step.</summary>
    [Function(nameof(FetchShippingRates))]
    public async Task<RateQuote> FetchShippingRates([ActivityTrigger] FetchShippingRates request, CancellationToken cancellation)
    {
        var parcel = new RateRequest(shop.ShipFrom, request.To, checked(request.WeightGrams + shop.PackagingGrams), request.Currency);
        var answers = await Task.WhenAll(providers.Select(provider => Ask(provider, parcel, cancellation)));
        var quotes = answers.Select(answer => answer.Quote).OfType<RateQuote>().ToList();
        if (quotes.Count == 0)
            throw answers[0].Fault!;

        var (merged, now) = (RateQuotes.Merge(quotes), time.GetUtcNow());
        var down = providers.Zip(answers).Where(asked => asked.Second.Fault is not null).Select(asked => asked.First.Name.ToLowerInvariant()).ToList();
        return merged with { Rates = [.. merged.Rates.Select(rate => rate with { AsOf = rate.AsOf ?? now })], Down = down.Count > 0 ? down : null, AsOf = quotes.Min(quote => quote.AsOf) };
    }

    private static async Task<(RateQuote? Quote, ProviderException? Fault)> Ask(IRateProvider provider, RateRequest parcel, CancellationToken cancellation)
    {
        try
        {
            return (await provider.Quote(parcel, cancellation), null);
        }
        catch (ProviderException e)
        {
            return (null, e);
        }
    }
}
