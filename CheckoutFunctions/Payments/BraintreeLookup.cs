using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Payments;

/// <summary>
/// Finds what Braintree holds for a payment: by the transaction's own id once we know it, else by our order id, whose search lags a little behind.
/// </summary>
internal sealed class BraintreeLookup(BraintreeClient client)
{
    private static readonly PaymentState[] Weight =
        [PaymentState.Captured, PaymentState.Authorized, PaymentState.Processing, PaymentState.Refunded, PaymentState.Voided, PaymentState.Declined];

    /// <summary>Stands between a payment's id and a transaction that is none of its own, in the id of the latter.</summary>
    private const char Stray = '~';

    /// <summary>The id of a transaction that took a payment's order id and isn't the one that the payment is: an authorization that came when nobody counted on it any more.</summary>
    public static string StrayId(string paymentId, string transactionId) => $"{paymentId}{Stray}{transactionId}";

    /// <summary>The payment's transaction; among several that which holds most, then the oldest.</summary>
    public async Task<BraintreeNode?> One(string paymentId, BookedPayment? booked, CancellationToken cancellation) => IdOf(paymentId, booked) is { } known
        ? await client.Transaction(known, cancellation)
        : Pick(paymentId, await client.Search(paymentId, cancellation));

    /// <summary>Everything that could hold money.</summary>
    public async Task<IReadOnlyList<BraintreeNode>> All(string paymentId, BookedPayment? booked, CancellationToken cancellation)
    {
        if (booked is null && IdOf(paymentId, null) is { } stray)
            return [await client.Transaction(stray, cancellation)];
        var found = await client.Search(paymentId, cancellation);
        return booked?.TransactionId is { } known
            ? [await client.Transaction(known, cancellation), .. found.Where(one => one.Id != known)]
            : found;
    }

    /// <summary>After a fault: null too where nothing can be asked.</summary>
    public async Task<BraintreeNode?> Try(string paymentId, BookedPayment? booked, CancellationToken cancellation)
    {
        try
        {
            return await One(paymentId, booked, cancellation);
        }
        catch (ProviderException)
        {
            return null;
        }
    }

    /// <summary>The payment as Braintree states it, or as we know it where Braintree has nothing. What doesn't exist holds no money.</summary>
    public static Payment State(string paymentId, BookedPayment? booked, BraintreeNode? found)
    {
        if (found is null)
            return booked?.Without(paymentId) ?? new(paymentId, PaymentState.Voided, 0, "", null);
        var payment = found.ToPayment(paymentId);
        return payment.State is PaymentState.Declined && booked is { IsClosed: true } ? payment with { State = PaymentState.Voided, DeclineCode = null } : payment;
    }

    private static string? IdOf(string paymentId, BookedPayment? booked) =>
        booked?.TransactionId ?? (paymentId.IndexOf(Stray, StringComparison.Ordinal) is > 0 and var at ? paymentId[(at + 1)..] : null);

    // The search answers newest first.
    public static BraintreeNode? Pick(string paymentId, IReadOnlyList<BraintreeNode> found) =>
        found.Reverse().MinBy(one => Array.IndexOf(Weight, one.ToPayment(paymentId).State));
}
