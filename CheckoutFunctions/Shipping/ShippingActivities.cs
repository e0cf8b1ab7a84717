using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Shipping;

/// <param name="WeightGrams">The goods alone; the packaging is added.</param>
/// <param name="WithinMilliseconds">How long all providers may take together; null: each as long as it may.</param>
public sealed record FetchShippingRates(
    Address To,
    int WeightGrams,
    string Currency,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? WithinMilliseconds = null);

public sealed class ShippingActivities(HedgedRates providers, ShippingOptions options, ShopOptions shop, TimeProvider time)
{
    /// <summary>All providers' rates in one list. One that fails costs its rates only; where all fail, the shop's own table answers, and without one the step fails.</summary>
    [Function(nameof(FetchShippingRates))]
    public async Task<RateQuote> FetchShippingRates([ActivityTrigger] FetchShippingRates request, CancellationToken cancellation)
    {
        var parcel = new RateRequest(shop.ShipFrom, request.To, checked(request.WeightGrams + shop.PackagingGrams), request.Currency);
        using var budget = ProviderBudget.Begin(time, request.WithinMilliseconds);
        var answers = await providers.Ask(parcel, cancellation);
        var quote = answers.Any(answer => answer.Quote is not null)
            ? RateQuotes.Merge([.. answers.Select(answer => answer.Quote).OfType<RateQuote>()])
            : Estimate(parcel) ?? throw answers[0].Fault!;

        var now = time.GetUtcNow();
        var down = answers.Where(answer => answer.Fault is not null).Select(answer => answer.Provider.ToLowerInvariant()).ToList();
        return quote with
        {
            Rates = [.. quote.Rates.Select(rate => rate with { AsOf = rate.AsOf ?? now })],
            Down = down.Count > 0 ? down : null,
            AsOf = answers.Min(answer => answer.Quote?.AsOf),
            Notices = CarrierNotices.Of(quote),
        };
    }

    private RateQuote? Estimate(RateRequest parcel) => options.Table.RatesFor(parcel) is { Count: > 0 } rates ? new(rates, []) : null;
}
