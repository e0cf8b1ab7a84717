using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Shipping;

/// <summary>
/// Asks all providers side by side. Once one has given rates, the others have <see cref="ShippingOptions.Hedge"/> left; whoever isn't waited for
/// any longer is cancelled, where its cache doesn't want the answer for the next time. Polly's hedging hands back one answer and drops the others, here each adds its rates: so this is our own.
/// </summary>
public sealed class HedgedRates(IEnumerable<IRateProvider> providers, ShippingOptions options, TimeProvider time, ILogger<HedgedRates> logger)
{
    /// <summary>What each provider answered, in the settings' order, or why it didn't.</summary>
    public async Task<IReadOnlyList<ProviderQuote>> Ask(RateRequest parcel, CancellationToken cancellation)
    {
        var asked = providers.ToList();
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(asked.Count > 1 ? options.Budget : Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var calls = asked.Select(provider => Ask(provider, parcel, stop.Token, cancellation)).ToList();
        await foreach (var call in Task.WhenEach(calls))
        {
            if (await call is not { Quote.Rates.Count: > 0 })
                continue;
            if (options.Hedge < options.Budget - time.GetElapsedTime(started))
                patience.CancelAfter(options.Hedge);
            break;
        }

        return await Task.WhenAll(calls);
    }

    private async Task<ProviderQuote> Ask(IRateProvider provider, RateRequest parcel, CancellationToken stop, CancellationToken caller)
    {
        ProviderException fault;
        try
        {
            return new(provider.Name, await provider.Quote(parcel, stop), null);
        }
        catch (ProviderException thrown)
        {
            fault = thrown;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            fault = new(provider.Name, ProviderOperations.Rates, "no answer within the time that rates are waited for.");
        }

        logger.LogWarning("No rates from this provider: {Fault}", fault.Message);
        return new(provider.Name, null, fault);
    }
}

/// <summary>One provider's quote, or its fault.</summary>
public sealed record ProviderQuote(string Provider, RateQuote? Quote, ProviderException? Fault);
