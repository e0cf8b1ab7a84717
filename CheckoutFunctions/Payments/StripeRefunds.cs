using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>
/// Refunds at Stripe. A part of a payment can be refunded twice, and Stripe forgets idempotency keys after a day: so each refund carries
/// our key in its metadata, and is looked up before it is posted.
/// </summary>
internal sealed class StripeRefunds(StripeSdk.RefundService refunds)
{
    /// <summary>The metadata that holds our idempotency key.</summary>
    public const string Key = "key";

    public async Task<PaymentRefund> Refund(RefundPayment request, CancellationToken cancellation)
    {
        var find = new FindRefund(request.Key, request.PaymentId);
        if (await Find(find, cancellation) is { State: not PaymentRefundState.None } earlier)
            return earlier;

        var options = new StripeSdk.RefundCreateOptions
        {
            PaymentIntent = request.PaymentId,
            Amount = request.Amount.Amount,
            Metadata = new() { [Key] = request.Key },
        };
        try
        {
            var refund = await StripeAnswers.Of(
                ProviderOperations.Refund, () => refunds.CreateAsync(options, new() { IdempotencyKey = request.Key }, cancellation), cancellation);
            return ToRefund(refund, ProviderOperations.Refund);
        }
        catch (StripeSdk.StripeException no)
        {
            // Another call of ours may have been faster, and have left nothing to refund.
            if (await Find(find, cancellation) is { State: not PaymentRefundState.None } found)
                return found;
            return no.StripeError is { Code: null, Param: null } ? throw no.ToFault(ProviderOperations.Refund) : new(PaymentRefundState.Refused, Reason: no.StripeError.ToDeclineCode());
        }
        catch (ProviderException)
        {
            if (await AfterFault(find, cancellation) is { State: not PaymentRefundState.None } found)
                return found;
            throw;
        }
    }

    public async Task<PaymentRefund> Find(FindRefund request, CancellationToken cancellation)
    {
        var options = new StripeSdk.RefundListOptions { PaymentIntent = request.PaymentId, Limit = 100 };
        try
        {
            while (true)
            {
                var page = await StripeAnswers.Of(ProviderOperations.Retrieve, () => refunds.ListAsync(options, null, cancellation), cancellation);
                if (page.Data is null)
                    throw new ProviderException(StripeGateway.ProviderName, ProviderOperations.Retrieve, "answered a list that can't be read.");
                if (page.Data.Find(refund => refund.Metadata?.GetValueOrDefault(Key) == request.Key) is { } found)
                    return ToRefund(found, ProviderOperations.Retrieve);
                if (!page.HasMore || page.Data.Count == 0)
                    return new(PaymentRefundState.None);
                options.StartingAfter = page.Data[^1].Id;
            }
        }
        catch (StripeSdk.StripeException no)
        {
            return no.StripeError.Code == "resource_missing" ? new(PaymentRefundState.None) : throw no.ToFault(ProviderOperations.Retrieve);
        }
    }

    private async Task<PaymentRefund?> AfterFault(FindRefund request, CancellationToken cancellation)
    {
        try
        {
            return await Find(request, cancellation);
        }
        catch (ProviderException)
        {
            return null;
        }
    }

    private static PaymentRefund ToRefund(StripeSdk.Refund refund, string operation) => refund is { Id.Length: > 0, Currency.Length: 3 } && StateOf(refund) is { } state
        ? new(state, refund.Id, refund.Amount, refund.Currency.ToUpperInvariant(), state == PaymentRefundState.Failed ? refund.FailureReason ?? refund.Status : null)
        : throw new ProviderException(StripeGateway.ProviderName, operation, $"answered a refund that can't be read (status '{refund?.Status}').");

    private static PaymentRefundState? StateOf(StripeSdk.Refund refund) => refund.Status switch
    {
        "succeeded" => PaymentRefundState.Succeeded,
        "pending" or "requires_action" => PaymentRefundState.Pending,
        "failed" or "canceled" => PaymentRefundState.Failed,
        _ => null,
    };
}
