using CheckoutFunctions.Checkout;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Refunds;

/// <summary>
/// Gives money back: the payment first, then its tax, then the goods to the shelf, then the order's mark. The amount was taken off what is left
/// before it began; only a provider's "no" puts it back. Refunds fail days later, too: so the money is watched for a while.
/// </summary>
public static class RefundSaga
{
    /// <summary>Providers report a refund that the buyer's bank turned down within weeks.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromDays(30);

    public static async Task Run(TaskOrchestrationContext context, RefundState refund)
    {
        var desk = new RefundDesk(context, refund);
        var undo = new Compensations(desk.Park);
        var given = default(PaymentRefund);
        undo.Add(() => desk.Save(RefundStatus.Failed, given));

        given = await desk.GiveBack();
        if (given.State != PaymentRefundState.Succeeded)
        {
            await undo.Run();
            return;
        }

        await desk.UntilDone(() => context.RecordTaxRefund(refund.ToTaxRefund()));
        if (refund.Restock.Count > 0)
            await desk.UntilDone(() => context.RestockInventory(refund.ToRestock()));
        await desk.Save(RefundStatus.Refunded, given);

        for (var end = context.Now + Watched; context.Now < end;)
        {
            given = await desk.NextLook(end);
            if (given.State == PaymentRefundState.Succeeded)
                continue;

            // The books say that the buyer has the money, and the bank sent it back: from here on it is an operator's.
            given = await desk.GiveBackAgain(given);
            await desk.Save(RefundStatus.Refunded, given);
            end = context.Now + Watched;
        }
    }
}
