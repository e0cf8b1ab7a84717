using System.Runtime.CompilerServices;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>Braintree's transactions as payments, page by page. A payment that nothing was authorized for isn't there: Braintree doesn't know of it.</summary>
internal static class BraintreePaymentList
{
    public static async IAsyncEnumerable<ListedPayment> Of(
        BraintreeClient client, BraintreeBook book, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            (var transactions, next) = await client.List(since, next, cancellation);
            // What has no order id like ours isn't a checkout's, and may be in states that we don't know.
            var ours = transactions.Where(one => BraintreeAnswers.IsOurs(one.OrderId)).ToList();
            var known = await book.TransactionsOf(ours.Select(one => one.OrderId!).Distinct(), cancellation);
            foreach (var transaction in ours)
            {
                if (Payment(transaction, known.GetValueOrDefault(transaction.OrderId!)) is { } payment)
                    yield return new(payment, transaction.CreatedAt ?? throw NoTime());
            }
        }
        while (next is not null);
    }

    /// <summary>
    /// Several transactions may have one order id, and one of them is the payment. Another that holds money has an id of its own here, so that it is
    /// released without the payment; one that holds none, such as a rejected duplicate, is nobody's.
    /// </summary>
    private static Payment? Payment(BraintreeNode transaction, string? known)
    {
        var payment = transaction.ToPayment(transaction.OrderId!);
        if (known is null || known == transaction.Id)
            return payment;
        return payment.State is PaymentState.Processing or PaymentState.Authorized or PaymentState.Captured
            ? payment with { Id = BraintreeLookup.StrayId(payment.Id, transaction.Id!) }
            : null;
    }

    private static ProviderException NoTime() => new(BraintreeGateway.ProviderName, ProviderOperations.Search, "answered a payment without its time.");
}
