using CheckoutFunctions.Checkout;
using CheckoutFunctions.Sessions;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Webhooks;

/// <summary>Tells a checkout that its payment changed: no more than that. The orchestration asks the provider, and alone decides.</summary>
public sealed class PaymentEventDelivery(PaymentInbox inbox, ISessionStore sessions, CheckoutClient checkouts, ILogger<PaymentEventDelivery> logger)
{
    /// <summary>A failure is logged and no more: the event waits in the inbox and is told again.</summary>
    public async Task Deliver(DurableTaskClient client, PaymentEvent payment, CancellationToken cancellation)
    {
        try
        {
            if (await Tell(client, payment, cancellation))
                await inbox.Told(payment, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            logger.LogWarning(e, "Checkout {CheckoutId} could not be told of {EventId}; it will be told again", payment.CheckoutId, payment.EventId);
        }
    }

    /// <returns>False: not yet.</returns>
    private async Task<bool> Tell(DurableTaskClient client, PaymentEvent payment, CancellationToken cancellation)
    {
        if (await sessions.Find(payment.CheckoutId, cancellation) is not { } session)
            return false;
        if (payment.ConcernsRefund)
            logger.LogError("The refund of payment {PaymentId} of checkout {CheckoutId} has failed: the shop has the buyer's money", payment.PaymentId, payment.CheckoutId);
        else if (session.Document.IsClosed)
            return true;
        // At work on the payment it asks the provider anyway, and a signal would be one more turn on the buyer's time. Still there a minute later, it is told.
        if (session.Document.Status == CheckoutStatus.Paying)
            return false;

        var signal = new CheckoutCommand(CommandKind.PaymentChanged, payment.EventId, payment.EventId, "") { PaymentId = payment.PaymentId };
        await checkouts.Raise(client, session, signal, cancellation);
        return true;
    }
}
