using CheckoutFunctions.Domain;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Taxes;

/// <summary>
/// A tax by the first rung that holds: each provider in its configured order, then the last known rates. Below them there is only the fault:
/// a tax that nobody knows is not zero.
/// </summary>
public sealed class TaxLadder(IEnumerable<ITaxProvider> providers, LastKnownRates rates, TimeProvider time, ILogger<TaxLadder> logger)
{
    /// <summary>A provider's "no" is an answer, and ends the climb. When nothing answers, the first provider's fault is thrown.</summary>
    public async Task<TaxQuote> Quote(TaxRequest request, CancellationToken cancellation)
    {
        ProviderException? first = null;
        foreach (var provider in providers)
        {
            try
            {
                return await Ask(provider, request, cancellation);
            }
            catch (ProviderException fault)
            {
                logger.LogWarning("No tax from this provider: {Fault}", fault.Message);
                first ??= fault;
            }
        }

        if (await rates.Estimate(request, cancellation) is { } estimate)
        {
            logger.LogWarning("The tax was estimated by rates from {AsOf}: no provider answers", estimate.AsOf);
            return new(estimate.Amount, null, TaxSources.LastKnownRate, estimate.AsOf, Estimated: true);
        }

        throw first ?? (Exception)new InvalidOperationException("No tax provider is configured.");
    }

    private async Task<TaxQuote> Ask(ITaxProvider provider, TaxRequest request, CancellationToken cancellation)
    {
        var answer = await provider.Calculate(request, cancellation);
        await rates.Remember(request, answer.Rates, TaxSources.Of(provider), cancellation);
        return new(answer.Amount, answer.Refusal, TaxSources.Of(provider), time.GetUtcNow());
    }
}
