using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Webhooks;

/// <summary>Tells again what could not be told when it came: the checkout wasn't there yet, was at work, or the signal failed.</summary>
public sealed class PaymentEventSweep(PaymentInbox inbox, PaymentEventDelivery delivery, ILogger<PaymentEventSweep> logger)
{
    private const int Batch = 100;

    [Function("SweepPaymentEvents")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        DueEvents taken;
        do
        {
            taken = await inbox.TakeDue(Batch, cancellation);
            foreach (var payment in taken.GivenUp)
                logger.LogWarning("Nobody could be told of {EventId} for checkout {CheckoutId}; it is given up", payment.EventId, payment.CheckoutId);
            foreach (var payment in taken.Due)
                await delivery.Deliver(client, payment, cancellation);
        }
        while (taken.Due.Count + taken.GivenUp.Count == Batch);

        await inbox.Forget(cancellation);
    }
}
