using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Taxes;

/// <summary>
/// A provider's taxes, told again for a while. The question is all that the provider is told, lines and discounts and the whole address without its name,
/// and the day: rates differ from street to street and change at midnight. Only an estimate, which knows no street, is told by postal code.
/// </summary>
public sealed class CachedTaxes(ITaxProvider provider, TimeSpan life, TimeProvider time) : ITaxProvider, IDisposable
{
    private readonly AnswerCache<TaxAnswer> answers = new(provider.Name, ProviderOperations.Quote, life, time);
    private readonly EstimateLimit estimates = new(provider.Name, ProviderOperations.Quote);

    public string Name => provider.Name;

    public Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation)
    {
        var nameless = request with { From = request.From with { Name = null }, To = request.To with { Name = null } };
        var key = AnswerCache.KeyOf(new { Request = nameless, time.GetUtcNow().UtcDateTime.Date });
        return answers.Get(key, asking => Ask(request, asking), answer => answer.Refusal is null, cancellation);
    }

    public Task Record(TaxDocument document, CancellationToken cancellation) => provider.Record(document, cancellation);

    public Task RecordRefund(TaxRefund refund, CancellationToken cancellation) => provider.RecordRefund(refund, cancellation);

    public void Dispose()
    {
        answers.Dispose();
        estimates.Dispose();
    }

    /// <summary>Dated when the provider said it: whoever is told later must know how old it is.</summary>
    private async Task<TaxAnswer> Ask(TaxRequest request, CancellationToken cancellation)
    {
        using var place = request.To.IsPostalCodeOnly() ? estimates.Take() : null;
        return await provider.Calculate(request, cancellation) with { AsOf = time.GetUtcNow() };
    }
}
