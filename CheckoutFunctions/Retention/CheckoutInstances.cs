using CheckoutFunctions.Checkout;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Refunds;

namespace CheckoutFunctions.Retention;

/// <summary>The orchestrations of one checkout: its own, its end's, and those of its orders' refunds.</summary>
public sealed class CheckoutInstances(RefundBook refunds)
{
    internal async Task<CheckoutTraces> Of(DurableTaskClient client, string checkoutId, IEnumerable<CheckoutOrder> orders, CancellationToken cancellation)
    {
        var own = await client.GetInstanceAsync(checkoutId, cancellation: cancellation);
        var end = await client.GetInstanceAsync(CheckoutClient.EndOf(checkoutId), cancellation: cancellation);
        var refunded = new List<(StoredRefund, OrchestrationMetadata?)>();
        foreach (var order in orders)
        {
            foreach (var refund in await refunds.Of(order.OrderId, cancellation))
                refunded.Add((refund, await client.GetInstanceAsync(RefundState.InstanceOf(refund.OrderId, refund.RefundId), cancellation: cancellation)));
        }

        return new(own, end, refunded);
    }
}

/// <param name="Own">Null: purged, or never started; as with the others.</param>
internal sealed record CheckoutTraces(OrchestrationMetadata? Own, OrchestrationMetadata? End, IReadOnlyList<(StoredRefund Refund, OrchestrationMetadata? Instance)> Refunds)
{
    public IEnumerable<OrchestrationMetadata> All => Refunds.Select(one => one.Instance).Prepend(End).Prepend(Own).OfType<OrchestrationMetadata>();

    public OrchestrationMetadata? AtWork => All.FirstOrDefault(instance => !instance.IsCompleted);

    /// <summary>One that isn't settled: its orchestration is at work, or it is an operator's.</summary>
    public StoredRefund? OpenRefund => Refunds.Select(one => one.Refund).FirstOrDefault(refund => refund.Status is RefundStatus.Requested or RefundStatus.NeedsAttention);

    /// <summary>Ended by others, or by a failure, and no other orchestration brought it to its end.</summary>
    public bool WasCutOff => Own is { RuntimeStatus: not OrchestrationRuntimeStatus.Completed } && End is not { RuntimeStatus: OrchestrationRuntimeStatus.Completed };

    public DateTimeOffset? LastUpdate => All.Max(instance => (DateTimeOffset?)instance.LastUpdatedAt);

    /// <summary>All have ended.</summary>
    public async Task Purge(DurableTaskClient client, CancellationToken cancellation)
    {
        foreach (var instance in All)
            await client.PurgeInstanceAsync(instance.InstanceId, cancellation: cancellation);
    }
}
