using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Shipping;

/// <summary>
/// A provider's quotes, told again for a while. The question is all that the provider is told: parcel, currency and both addresses without their names,
/// because carriers charge homes, P.O. boxes and remote streets differently. Only an estimate, which knows no street, is told by postal code.
/// </summary>
public sealed class CachedRates(IRateProvider provider, TimeSpan life, TimeProvider time) : IRateProvider, IDisposable
{
    private readonly AnswerCache<RateQuote> answers = new(provider.Name, ProviderOperations.Rates, life, time);
    private readonly EstimateLimit estimates = new(provider.Name, ProviderOperations.Rates);

    public string Name => provider.Name;

    public Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation)
    {
        var nameless = request with { From = request.From with { Name = null }, To = request.To with { Name = null } };
        return answers.Get(AnswerCache.KeyOf(nameless), asking => Ask(request, asking), quote => quote.Rates.Count > 0, cancellation);
    }

    public void Dispose()
    {
        answers.Dispose();
        estimates.Dispose();
    }

    /// <summary>Dated when the provider said it: whoever is told later must know how old it is.</summary>
    private async Task<RateQuote> Ask(RateRequest request, CancellationToken cancellation)
    {
        using var place = request.To.IsPostalCodeOnly() ? estimates.Take() : null;
        var quote = await provider.Quote(request, cancellation);
        var now = time.GetUtcNow();
        return quote with { Rates = [.. quote.Rates.Select(rate => rate with { AsOf = rate.AsOf ?? now })], AsOf = now };
    }
}
