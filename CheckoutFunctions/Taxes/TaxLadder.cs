using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Taxes;

/// <summary>
/// A tax by the first rung that holds: each provider in its configured order, then the last known rates. Below them there is only the fault:
/// a tax that nobody knows is not zero.
/// </summary>
public sealed class TaxLadder(IEnumerable<ITaxProvider> providers, LastKnownRates rates, TimeProvider time, ILogger<TaxLadder> logger)
{
    /// <summary>A provider's "no" is an answer, and ends the climb. When nothing answers, the first provider's fault is thrown.</summary>
    /// <param name="withinMilliseconds">For all providers together; whoever comes first leaves the next its share. Null: each as long as it may.</param>
    public async Task<TaxQuote> Quote(TaxRequest request, CancellationToken cancellation, int? withinMilliseconds = null)
    {
        using var budget = ProviderBudget.Begin(time, withinMilliseconds);
        var toAsk = providers.Count();
        ProviderException? first = null;
        foreach (var provider in providers)
        {
            try
            {
                using var share = ProviderBudget.BeginShare(time, toAsk--);
                return await Ask(provider, request, cancellation);
            }
            catch (ProviderException fault)
            {
                logger.LogWarning("No tax from this provider: {Fault}", fault.Message);
                first ??= fault;
            }
        }

        if (await LastKnown(request, cancellation) is { } estimate)
        {
            logger.LogWarning("The tax was estimated by rates from {AsOf}: no provider answers", estimate.AsOf);
            return estimate;
        }

        throw first ?? (Exception)new InvalidOperationException("No tax provider is configured.");
    }

    /// <summary>The lowest rung alone: nobody is asked. Null where a rate is missing.</summary>
    public async Task<TaxQuote?> LastKnown(TaxRequest request, CancellationToken cancellation) =>
        await rates.Estimate(request, cancellation) is { } estimate
            ? new(estimate.Amount, null, TaxSources.LastKnownRate, estimate.AsOf, Estimated: true)
            : null;

    private async Task<TaxQuote> Ask(ITaxProvider provider, TaxRequest request, CancellationToken cancellation)
    {
        var answer = await provider.Calculate(request, cancellation);
        var asOf = answer.AsOf ?? time.GetUtcNow();
        await rates.Remember(request, answer.Rates, TaxSources.Of(provider), asOf, cancellation);
        return new(answer.Amount, answer.Refusal, TaxSources.Of(provider), asOf);
    }
}
