using System.Security.Cryptography;
using System.Text;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>
/// Braintree by GraphQL. It has no payment before the authorization and no idempotency keys: so the id is ours, goes along as the order id, and everything
/// is found by it; and what was sent is in our book first. A single-use payment method authorizes once whatever we send; any other isn't sent
/// again while an outcome is unknown. 3-D Secure is done by the storefront's script before it has a token, so no action is ever required here.
/// </summary>
/// <param name="patience">How long after an authorization was sent it may still take effect, or not be found yet.</param>
internal sealed class BraintreeGateway(
    BraintreeClient client, BraintreeBook book, BraintreeRefunds refunds, TimeProvider clock, TimeSpan patience) : IPaymentGateway
{
    public const string ProviderName = "Braintree";

    /// <summary>Whoever wanted it so long ago is gone: it isn't to be held any more. The same for every provider.</summary>
    private static readonly TimeSpan Wanted = TimeSpan.FromHours(23);

    private readonly BraintreeLookup lookup = new(client);

    public string Name => ProviderName;

    public async Task<CreatedPayment> Create(CreatePayment request, CancellationToken cancellation)
    {
        if (IsOld(request.Since))
            throw new ProviderException(ProviderName, ProviderOperations.Create, "the request is a day old and is not made any more.");
        if (request.Amount.Amount <= 0)
            return new(CreatePaymentOutcome.Refused, null, "amount_too_small");
        if (!client.Takes(request.Amount.Currency))
            return new(CreatePaymentOutcome.Refused, null, "currency_not_supported");

        var id = $"{request.CheckoutId}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Key)))[..20]}";
        if (await book.Find(id, cancellation) is not null)
            return new(CreatePaymentOutcome.Created, id);

        var usage = await client.UsageOf(request.Token, cancellation);
        // One that looks as Braintree's own and isn't found was used or has expired: the authorization says so.
        if (usage is null && !request.Token.StartsWith("token", StringComparison.Ordinal))
            return new(CreatePaymentOutcome.InvalidToken, null);
        await book.Add(id, request, usage is "SINGLE_USE", cancellation);
        return new(CreatePaymentOutcome.Created, id);
    }

    public async Task<Payment> Authorize(AuthorizePayment request, CancellationToken cancellation)
    {
        if (IsOld(request.Since))
            return await Retrieve(request.PaymentId, cancellation);

        var id = request.PaymentId;
        var booked = await book.Find(id, cancellation);
        if (booked is not { Attempts: 0, IsClosed: false })
        {
            var found = await lookup.One(id, booked, cancellation);
            if (found is not null)
                return await Known(id, found, cancellation);
            if (booked?.Without(id) is not { State: PaymentState.Created })
                return BraintreeLookup.State(id, booked, null);
            if (booked is { SingleUse: 0 } && booked.IsAwaited(clock.GetUtcNow() - patience))
                throw Unknown(ProviderOperations.Confirm);
        }

        return await book.Begin(id, booked, cancellation) ? await Send(id, booked, cancellation) : throw Unknown(ProviderOperations.Confirm);
    }

    public async Task<Payment> Retrieve(string paymentId, CancellationToken cancellation)
    {
        var booked = await book.Find(paymentId, cancellation);
        return BraintreeLookup.State(paymentId, booked, await lookup.One(paymentId, booked, cancellation));
    }

    public async Task<Payment> Capture(CapturePayment request, CancellationToken cancellation)
    {
        var id = request.PaymentId;
        var booked = await book.Find(id, cancellation);
        var transactionId = booked?.TransactionId ?? (await lookup.One(id, booked, cancellation))?.Id;
        if (transactionId is null || booked is { IsClosed: true })
            return Decided(await Retrieve(id, cancellation));
        try
        {
            return Decided((await client.Capture(transactionId, request.Amount, cancellation)).ToPayment(id));
        }
        catch (BraintreeRefusal)
        {
            return Decided(await Retrieve(id, cancellation));
        }
        catch (ProviderException)
        {
            if (await lookup.Try(id, booked, cancellation) is { } found && found.ToPayment(id) is { State: not (PaymentState.Authorized or PaymentState.Processing) } settled)
                return settled;
            throw;
        }
    }

    public async Task<Payment> Void(VoidPayment request, CancellationToken cancellation)
    {
        var id = request.PaymentId;
        await book.Close(id, cancellation);
        var booked = await book.Find(id, cancellation);
        var found = (await lookup.All(id, booked, cancellation)).ToList();

        // What was sent may be on its way still, or not be found yet: the compensation asks again until it is found or too old to come.
        var nothingElse = found.Any(one => booked is { SingleUse: 1 } || one.ToPayment(id).State is not PaymentState.Declined);
        if (booked is not null && booked.IsAwaited(clock.GetUtcNow() - patience) && !nothingElse)
            throw Unknown(ProviderOperations.Cancel);

        for (var index = 0; index < found.Count; index++)
            found[index] = await Release(id, found[index], cancellation);
        var picked = BraintreeLookup.Pick(id, found);
        var payment = BraintreeLookup.State(id, booked, picked);
        return payment.State is PaymentState.Captured ? await GiveBack(request, payment, cancellation) : payment;
    }

    public Task<PaymentRefund> Refund(RefundPayment request, CancellationToken cancellation) => refunds.Refund(request, cancellation);

    public Task<PaymentRefund> FindRefund(FindRefund request, CancellationToken cancellation) => refunds.Find(request, cancellation);

    public IAsyncEnumerable<ListedPayment> List(DateTimeOffset since, CancellationToken cancellation) => BraintreePaymentList.Of(client, book, since, cancellation);

    private bool IsOld(DateTimeOffset? since) => clock.GetUtcNow() - since > Wanted;

    /// <summary>A payment in the works may yet be captured or not: it is asked again.</summary>
    private static Payment Decided(Payment payment) => payment.State is not PaymentState.Processing
        ? payment
        : throw new ProviderException(ProviderName, ProviderOperations.Capture, "the payment is still being processed.");

    private static ProviderException Unknown(string operation) => new(ProviderName, operation, "an authorization was sent whose outcome isn't known yet.");

    private async Task<Payment> Send(string id, BookedPayment booked, CancellationToken cancellation)
    {
        try
        {
            var transaction = await client.Authorize(booked.Token!, id, new(booked.Amount, booked.Currency), cancellation);
            return await Known(id, transaction, cancellation);
        }
        catch (BraintreeRefusal no)
        {
            // A payment method that was used was perhaps used by an authorization of ours that had no answer.
            if (no.IsUsed && await lookup.One(id, booked, cancellation) is { } found)
                return await Known(id, found, cancellation);
            await book.NoEffect(id, booked, cancellation);
            if (booked.IsAwaited(clock.GetUtcNow() - patience))
                throw no.ToFault();
            // Braintree won't do it: for the buyer that is a decline.
            await book.Refuse(id, BraintreeDeclines.CodeOf(no), cancellation);
            return (await book.Find(id, cancellation))!.Without(id);
        }
        catch (ProviderException fault)
        {
            if (BraintreeRefusal.HadNoEffect(fault))
                await book.NoEffect(id, booked, cancellation);
            else if (await lookup.Try(id, booked, cancellation) is { } found)
                return await Known(id, found, cancellation);
            throw;
        }
    }

    /// <summary>From now on the payment is this transaction. Was it closed while the answer was under way, nobody else will release it.</summary>
    private async Task<Payment> Known(string id, BraintreeNode transaction, CancellationToken cancellation)
    {
        // Rejected as the duplicate of one of ours: that one is the payment.
        if (transaction.StatusHistory?.FirstOrDefault()?.DuplicateOf is { Id: { } original } duplicate && duplicate.OrderId == id)
            transaction = await client.Transaction(original, cancellation);
        if (await book.Know(id, transaction.Id!, cancellation))
            transaction = await Release(id, transaction, cancellation);
        return BraintreeLookup.State(id, await book.Find(id, cancellation), transaction);
    }

    /// <summary>The transaction, holding nothing any more. One that was captured stays as it is.</summary>
    private async Task<BraintreeNode> Release(string id, BraintreeNode transaction, CancellationToken cancellation)
    {
        switch (transaction.ToPayment(id).State)
        {
            case PaymentState.Processing:
                throw new ProviderException(ProviderName, ProviderOperations.Cancel, "the payment is still being processed.");
            case not PaymentState.Authorized:
                return transaction;
        }

        try
        {
            var reversal = await client.Reverse(transaction.Id!, cancellation);
            // Where it was captured and began to settle in that moment, the reversal is a refund.
            return reversal.Id == transaction.Id ? transaction with { Status = reversal.Status } : await client.Transaction(transaction.Id!, cancellation);
        }
        catch (Exception fault) when (fault is BraintreeRefusal or ProviderException)
        {
            // Something was faster: a capture is refunded by the caller.
            if (await lookup.Try(id, new() { TransactionId = transaction.Id }, cancellation) is { } found
                && found.ToPayment(id).State is not (PaymentState.Authorized or PaymentState.Processing))
                return found;
            throw fault is BraintreeRefusal no ? no.ToFault() : fault;
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
        return await Retrieve(request.PaymentId, cancellation) is { State: PaymentState.Refunded } refunded
            ? refunded
            : throw new ProviderException(ProviderName, ProviderOperations.Refund, $"the refund is {refund.State}, {refund.Reason ?? "no reason given"}.");
    }
}
