using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>
/// Refunds at Braintree carry our key as their order id and are looked up by it. A payment that hasn't begun to settle can only be reversed as a whole;
/// a part of it has to wait, as a fault that is tried again.
/// </summary>
/// <param name="patience">How long after a refund was sent its outcome may be unknown.</param>
internal sealed class BraintreeRefunds(BraintreeClient client, BraintreeBook book, BraintreeLookup lookup, TimeProvider clock, TimeSpan patience)
{
    public async Task<PaymentRefund> Refund(RefundPayment request, CancellationToken cancellation)
    {
        var transaction = await Transaction(request.PaymentId, cancellation);
        if (transaction is null)
            return new(PaymentRefundState.Refused, Reason: "not_captured");
        if (await Given(request.Key, transaction, cancellation) is { } earlier)
            return earlier;

        var payment = transaction.ToPayment(request.PaymentId);
        var rest = payment.Captured - payment.Refunded;
        if (payment.State is not PaymentState.Captured || request.Amount.Amount > rest)
            return new(PaymentRefundState.Refused, Reason: payment.State is PaymentState.Captured or PaymentState.Refunded ? "exceeds_captured" : "not_captured");
        var isAll = request.Amount.Amount == rest;
        if (!transaction.HasBegunToSettle() && !(isAll && payment.Refunded == 0))
            throw new ProviderException(BraintreeGateway.ProviderName, ProviderOperations.Refund, "a part can be given back only once the payment settles, within a day or two.");

        // All of the rest can't be given back twice; a part can.
        if (!await book.BeginRefund(request, !transaction.HasBegunToSettle(), isAll ? DateTimeOffset.MaxValue : clock.GetUtcNow() - patience, cancellation))
            throw new ProviderException(BraintreeGateway.ProviderName, ProviderOperations.Refund, "one was sent a moment ago, and its outcome isn't known yet.");
        return await Send(request, transaction, cancellation);
    }

    public async Task<PaymentRefund> Find(FindRefund request, CancellationToken cancellation) =>
        await Transaction(request.PaymentId, cancellation) is { } transaction && await Given(request.Key, transaction, cancellation) is { } found
            ? found
            : new(PaymentRefundState.None);

    private async Task<PaymentRefund> Send(RefundPayment request, BraintreeNode transaction, CancellationToken cancellation)
    {
        try
        {
            var given = transaction.HasBegunToSettle()
                ? await client.Refund(transaction.Id!, request.Key, request.Amount, cancellation)
                : await client.Reverse(transaction.Id!, cancellation);
            await book.EndRefund(request.Key, given.Id, cancellation);
            return given.Id == transaction.Id ? Reversed(transaction) : given.ToRefund();
        }
        catch (BraintreeRefusal no)
        {
            await book.EndRefund(request.Key, null, cancellation);
            // Another call of ours may have been faster, and have left nothing to refund.
            if (await TryFind(request, cancellation) is { } found)
                return found;
            return no.IsUnsettled || !transaction.HasBegunToSettle() ? throw no.ToFault() : new(PaymentRefundState.Refused, Reason: no.Code);
        }
        catch (ProviderException fault)
        {
            if (BraintreeRefusal.HadNoEffect(fault))
                await book.EndRefund(request.Key, null, cancellation);
            else if (await TryFind(request, cancellation) is { } found)
                return found;
            throw;
        }
    }

    private async Task<BraintreeNode?> Transaction(string paymentId, CancellationToken cancellation) =>
        await lookup.One(paymentId, await book.Find(paymentId, cancellation), cancellation);

    private async Task<PaymentRefund?> TryFind(RefundPayment request, CancellationToken cancellation)
    {
        try
        {
            return await Find(new(request.Key, request.PaymentId), cancellation) is { State: not PaymentRefundState.None } found ? found : null;
        }
        catch (ProviderException)
        {
            return null;
        }
    }

    /// <summary>What was given back under this key: a refund that carries it, or the reversal that stands for it.</summary>
    private async Task<PaymentRefund?> Given(string key, BraintreeNode transaction, CancellationToken cancellation)
    {
        if (transaction.Refunds?.FirstOrDefault(refund => refund.OrderId == key) is { } refund)
            return refund.ToRefund();
        if (await book.FindRefund(key, cancellation) is not { Whole: 1 } reversal)
            return null;
        // Where the payment began to settle in that moment, the reversal is a refund, with the payment's order id.
        return transaction.Refunds?.FirstOrDefault(one => one.Id == reversal.GivenId || one.OrderId == transaction.OrderId) is { } whole ? whole.ToRefund()
            : transaction.Status == "VOIDED" ? Reversed(transaction)
            : null;
    }

    private static PaymentRefund Reversed(BraintreeNode transaction) =>
        new(PaymentRefundState.Succeeded, transaction.Id, BraintreeAnswers.Minor(transaction.Amount), transaction.Amount!.CurrencyCode.ToUpperInvariant());
}
