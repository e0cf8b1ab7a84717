using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>
/// Stripe PaymentIntents with manual capture. Every POST carries our own idempotency key; where an answer may be a saved one or is missing,
/// the payment is retrieved, because the id says more than a replay.
/// </summary>
public sealed class StripeGateway(StripeSdk.IStripeClient client, TimeProvider clock) : IPaymentGateway
{
    public const string ProviderName = "Stripe";

    /// <summary>Stripe forgets a key after 24 hours, and a forgotten key is a new request: before that, an older one is looked up and not posted.</summary>
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(23);

    private readonly StripeSdk.PaymentIntentService intents = new(client);

    private readonly StripeRefunds refunds = new(new(client));

    public string Name => ProviderName;

    public async Task<CreatedPayment> Create(CreatePayment request, CancellationToken cancellation)
    {
        // Not looked up either: Stripe's search lags behind, and what was created holds no money and can't, without its id.
        if (IsOld(request.Since))
            throw new ProviderException(ProviderName, ProviderOperations.Create, "the request is a day old and is not made any more.");

        var options = new StripeSdk.PaymentIntentCreateOptions
        {
            Amount = request.Amount.Amount,
            Currency = request.Amount.Currency.ToLowerInvariant(),
            PaymentMethod = request.Token,
            CaptureMethod = "manual",
            AutomaticPaymentMethods = new() { Enabled = true, AllowRedirects = "never" },
            Metadata = new() { [StripeAnswers.CheckoutId] = request.CheckoutId, ["key"] = request.Key },
        };
        try
        {
            var intent = await StripeAnswers.Of(ProviderOperations.Create, () => intents.CreateAsync(options, Keyed(request.Key), cancellation), cancellation);
            return new(CreatePaymentOutcome.Created, intent.ToPayment(ProviderOperations.Create).Id);
        }
        catch (StripeSdk.StripeException no)
        {
            return no.ToRefusal();
        }
    }

    public async Task<Payment> Authorize(AuthorizePayment request, CancellationToken cancellation)
    {
        // The buyer is gone: what isn't held by now isn't to be held any more.
        if (IsOld(request.Since))
            return await Retrieve(request.PaymentId, cancellation);

        try
        {
            return await Answer(ProviderOperations.Confirm, request.PaymentId, () => intents.ConfirmAsync(request.PaymentId, null, Keyed(request.Key), cancellation), cancellation);
        }
        catch (StripeSdk.StripeException no)
        {
            var found = no.StripeError.PaymentIntent is { } intent && !no.StripeResponse.IsReplay()
                ? intent.ToPayment(ProviderOperations.Confirm)
                : await Retrieve(request.PaymentId, cancellation);

            // Not confirmed, and Stripe won't do it: for the buyer that is a decline.
            return found.State is PaymentState.Created
                ? found with { State = PaymentState.Declined, DeclineCode = no.StripeError.ToDeclineCode(), Advice = StripeAdvice.Of(no.StripeError) }
                : found;
        }
        catch (ProviderException)
        {
            if (await Find(request.PaymentId, cancellation) is { State: not (PaymentState.Created or PaymentState.Processing) } confirmed)
                return confirmed;
            throw;
        }
    }

    public async Task<Payment> Retrieve(string paymentId, CancellationToken cancellation)
    {
        try
        {
            var options = new StripeSdk.PaymentIntentGetOptions { Expand = ["latest_charge"] };
            var intent = await StripeAnswers.Of(ProviderOperations.Retrieve, () => intents.GetAsync(paymentId, options, null, cancellation), cancellation);
            return intent.ToPayment(ProviderOperations.Retrieve);
        }
        catch (StripeSdk.StripeException no)
        {
            return no.StripeError.Code == "resource_missing"
                ? new(paymentId, PaymentState.Voided, 0, "", null) // what doesn't exist holds no money
                : throw no.ToFault(ProviderOperations.Retrieve);
        }
    }

    public async Task<Payment> Capture(CapturePayment request, CancellationToken cancellation)
    {
        // A payment is captured once, whatever the key: going on from its state is safe.
        if (IsOld(request.Since) && await Retrieve(request.PaymentId, cancellation) is { State: not PaymentState.Authorized } found)
            return Decided(found);

        var options = new StripeSdk.PaymentIntentCaptureOptions { AmountToCapture = request.Amount.Amount };
        try
        {
            return Decided(await Answer(
                ProviderOperations.Capture, request.PaymentId, () => intents.CaptureAsync(request.PaymentId, options, Keyed(request.Key), cancellation), cancellation));
        }
        catch (StripeSdk.StripeException)
        {
            return Decided(await Retrieve(request.PaymentId, cancellation));
        }
        catch (ProviderException)
        {
            if (await Find(request.PaymentId, cancellation) is { State: not (PaymentState.Authorized or PaymentState.Processing) } settled)
                return settled;
            throw;
        }
    }

    public async Task<Payment> Void(VoidPayment request, CancellationToken cancellation)
    {
        var found = await Retrieve(request.PaymentId, cancellation);
        if (!HasEnded(found))
            found = await Cancel(request, cancellation);
        return found.State is PaymentState.Captured ? await GiveBack(request, found, cancellation) : found;
    }

    public Task<PaymentRefund> Refund(RefundPayment request, CancellationToken cancellation) => refunds.Refund(request, cancellation);

    public Task<PaymentRefund> FindRefund(FindRefund request, CancellationToken cancellation) => refunds.Find(request, cancellation);

    private bool IsOld(DateTimeOffset? since) => clock.GetUtcNow() - since > KeyLife;

    /// <summary>A capture that is still on its way is a fault: it may yet take the money or not, so it is asked again.</summary>
    private static Payment Decided(Payment payment) => payment.State is not PaymentState.Processing
        ? payment
        : throw new ProviderException(ProviderName, ProviderOperations.Capture, $"payment {payment.Id} is still being processed.");

    public IAsyncEnumerable<ListedPayment> List(DateTimeOffset since, CancellationToken cancellation) => StripePaymentList.Of(intents, since, cancellation);

    private static bool HasEnded(Payment payment) => payment.State is PaymentState.Voided or PaymentState.Captured or PaymentState.Refunded;

    private static StripeSdk.RequestOptions Keyed(string key) => new() { IdempotencyKey = key };

    private async Task<Payment> Cancel(VoidPayment request, CancellationToken cancellation)
    {
        try
        {
            return await Answer(ProviderOperations.Cancel, request.PaymentId, () => intents.CancelAsync(request.PaymentId, null, Keyed(request.Key), cancellation), cancellation);
        }
        catch (StripeSdk.StripeException no)
        {
            // Something was faster: a capture is refunded by the caller; what is still on its way is asked again later.
            return await Retrieve(request.PaymentId, cancellation) is var found && HasEnded(found) ? found : throw no.ToFault(ProviderOperations.Cancel);
        }
        catch (ProviderException)
        {
            if (await Find(request.PaymentId, cancellation) is { } found && HasEnded(found))
                return found;
            throw;
        }
    }

    private async Task<Payment> GiveBack(VoidPayment request, Payment captured, CancellationToken cancellation)
    {
        var rest = captured.Captured - captured.Refunded;
        // The amount is in the key: what an operator refunded meanwhile makes it another request.
        var key = $"{request.Key}:refund:{rest}{(request.Again is { } again ? $":{again}" : "")}";
        var refund = await refunds.Refund(new(key, request.PaymentId, new(rest, captured.Currency)), cancellation);
        if (refund is { State: PaymentRefundState.Succeeded or PaymentRefundState.Pending } && refund.Amount == rest)
            return captured with { State = PaymentState.Refunded, Refunded = captured.Captured };

        // Refused because somebody else was faster, perhaps.
        if (refund.State is PaymentRefundState.Refused && await Retrieve(request.PaymentId, cancellation) is { State: PaymentState.Refunded } refunded)
            return refunded;
        throw new ProviderException(
            ProviderName, ProviderOperations.Refund, $"refund {refund.Id} of {rest} is stated as {refund.State} of {refund.Amount}, {refund.Reason ?? "no reason given"}.");
    }

    /// <summary>What Stripe answers, or the payment as it is now where the answer is a saved one.</summary>
    private async Task<Payment> Answer(string operation, string paymentId, Func<Task<StripeSdk.PaymentIntent>> call, CancellationToken cancellation)
    {
        var intent = await StripeAnswers.Of(operation, call, cancellation);
        return intent.StripeResponse.IsReplay() ? await Retrieve(paymentId, cancellation) : intent.ToPayment(operation);
    }

    /// <summary>After a fault: the payment, or null where it can't be asked either.</summary>
    private async Task<Payment?> Find(string paymentId, CancellationToken cancellation)
    {
        try
        {
            return await Retrieve(paymentId, cancellation);
        }
        catch (ProviderException)
        {
            return null;
        }
    }
}
