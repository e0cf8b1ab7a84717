using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Orders;

public sealed class RefundActivities(RefundBook refunds, ILogger<RefundActivities> logger)
{
    /// <summary>What an operator must look into is said aloud, not only written down.</summary>
    [Function(nameof(SaveRefund))]
    public async Task SaveRefund([ActivityTrigger] SaveRefund request, CancellationToken cancellation)
    {
        var changed = await refunds.Save(request, cancellation);
        if (changed && request.Status is RefundStatus.NeedsAttention or RefundStatus.Failed)
            logger.LogWarning("Refund {RefundId} is {Status}: {Detail}", request.RefundId, request.Status, request.Detail);
    }
}
