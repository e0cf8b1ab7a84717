using CheckoutFunctions.Checkout;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Retention;

/// <summary>Histories of what ended long ago and has no session to be found by: refunds that came late, ends of checkouts, starts that were cut off.</summary>
public sealed class OldOrchestrations(ISessionStore sessions, RefundBook refunds, TimeProvider clock)
{
    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <returns>How many were purged.</returns>
    public async Task<int> Purge(DurableTaskClient client, TimeSpan kept, int most, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - kept;
        var purged = 0;
        // The query knows only when they began.
        await foreach (var instance in client.GetAllInstancesAsync(new(CreatedTo: before, Statuses: Ended)).WithCancellation(cancellation))
        {
            if (purged == most)
                break;
            if (instance.LastUpdatedAt > before || !await IsOver(instance, cancellation))
                continue;

            purged += (await client.PurgeInstanceAsync(instance.InstanceId, cancellation: cancellation)).PurgedInstanceCount;
            await Task.Delay(Pause, cancellation);
        }

        return purged;
    }

    private async Task<bool> IsOver(OrchestrationMetadata instance, CancellationToken cancellation) => instance.Name switch
    {
        // One that still has its session goes with it.
        CheckoutOrchestrator.Name => await sessions.Find(CheckoutClient.CheckoutOf(instance.InstanceId), cancellation) is null,
        RefundOrchestrator.Name => instance.InstanceId.Split('-') is [var order, var refund]
            && await refunds.Find(order, refund, cancellation) is not { Status: RefundStatus.Requested or RefundStatus.NeedsAttention },
        _ => instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed,
    };
}
