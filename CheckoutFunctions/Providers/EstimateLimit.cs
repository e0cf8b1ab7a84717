using System.Threading.RateLimiting;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Providers;

/// <summary>How many estimates may ask one provider at a time. Few: a postal code that is being typed must not take the place of a buyer who pays.</summary>
internal sealed class EstimateLimit(string provider, string operation) : IDisposable
{
    public const int AtATime = 4;

    private readonly ConcurrencyLimiter limiter = new(new() { PermitLimit = AtATime, QueueLimit = 0 });

    /// <summary>A place, to be given back; a fault where all are taken.</summary>
    public IDisposable Take()
    {
        var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;

        lease.Dispose();
        throw new ProviderException(provider, operation, $"not asked, {AtATime} estimates are asking already.");
    }

    public void Dispose() => limiter.Dispose();
}
