using System.Threading.RateLimiting;

namespace CheckoutFunctions.Providers;

/// <summary>
/// A provider's share of the host: at most so many calls at once, a few more that wait, and the rest is refused at once. A quarter of the places is
/// kept for what finishes something begun, so that taking money, giving it back and looking it up never wait behind quotes or confirmations.
/// </summary>
internal sealed class Bulkhead : IDisposable
{
    private readonly TimeProvider time;
    private readonly ConcurrencyLimiter asking;
    private readonly ConcurrencyLimiter finishing;

    public Bulkhead(int calls, TimeProvider time)
    {
        var kept = Math.Max(1, calls / 4);
        (this.time, asking, finishing) = (time, Places(calls - kept, kept), Places(kept, kept));
    }

    /// <summary>A place for one call, to be disposed after it. Null: all are taken, and so is the room to wait, or the time is over.</summary>
    public async ValueTask<RateLimitLease?> Enter(string operation, TimeSpan wait, CancellationToken cancellation)
    {
        var places = IsFinishing(operation) ? finishing : asking;
        var lease = places.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;

        using var over = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            lease = await places.AcquireAsync(1, either.Token);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose()
    {
        asking.Dispose();
        finishing.Dispose();
    }

    private static bool IsFinishing(string operation) => operation is ProviderOperations.Capture or ProviderOperations.Cancel
        or ProviderOperations.Refund or ProviderOperations.Retrieve or ProviderOperations.Record;

    private static ConcurrencyLimiter Places(int calls, int waiting) =>
        new(new() { PermitLimit = calls, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
}
