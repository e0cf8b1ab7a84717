using CheckoutFunctions.Orders;
using CheckoutFunctions.Refunds;

namespace CheckoutFunctions.Reconciliation;

/// <summary>Refunds that were accepted and got nowhere.</summary>
public sealed class StuckRefunds(RefundBook refunds, RefundClient desk)
{
    private const int Most = 200;

    /// <summary>Banks take their time; what takes longer is shown.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromDays(1);

    internal async Task Look(DurableTaskClient client, Healing work, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var refund in await refunds.Unsettled(now - Evidence.Grace, Most, cancellation))
        {
            var instance = await client.GetInstanceAsync(RefundState.InstanceOf(refund.OrderId, refund.RefundId), cancellation: cancellation);
            if (instance is null)
            {
                await work.Do(
                    Found(refund, "The refund was accepted, and its orchestration never started.") with { Deed = "start it" },
                    () => desk.Resume(client, refund, cancellation));
            }
            else if (instance.IsCompleted)
            {
                work.Report(Found(refund, $"The refund is {refund.Status}, and its orchestration is {instance.RuntimeStatus}.") with
                {
                    WhyNot = "How far it came, only the provider and an operator can tell.",
                });
            }
            else if (refund.Status == RefundStatus.NeedsAttention)
            {
                work.Report(Found(refund, $"The refund needs attention: {refund.Detail}") with
                {
                    WhyNot = $"An operator decides: POST /api/operations/orders/{refund.OrderId}/refunds/{refund.RefundId}/retry tries again at once.",
                });
            }
            else if (refund.RequestedAt <= now - Budget)
            {
                work.Report(Found(refund, "The refund has been on its way for more than a day.") with { WhyNot = "Its orchestration is at work, and alone decides." });
            }
        }
    }

    private static Finding Found(StoredRefund refund, string problem) => new(FindingKind.StuckRefund, problem, refund.RequestedAt)
    {
        OrderId = refund.OrderId,
        RefundId = refund.RefundId,
        Amount = refund.Amount,
        Currency = refund.Currency,
    };
}
