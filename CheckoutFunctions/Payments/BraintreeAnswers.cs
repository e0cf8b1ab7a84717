using System.Text.RegularExpressions;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>Braintree's transactions and refunds in our words.</summary>
internal static partial class BraintreeAnswers
{
    private const string Submitted = "SUBMITTED_FOR_SETTLEMENT";

    private static readonly string[] Taken = [Submitted, "SETTLING", "SETTLED", "SETTLEMENT_PENDING", "SETTLEMENT_CONFIRMED"];

    private static readonly string[] Declined = ["PROCESSOR_DECLINED", "GATEWAY_REJECTED", "FAILED", "SETTLEMENT_DECLINED"];

    /// <summary>Before this a payment can only be given back as a whole, by a reversal.</summary>
    public static bool HasBegunToSettle(this BraintreeNode transaction) => transaction.Status is not ("AUTHORIZED" or Submitted);

    public static Payment ToPayment(this BraintreeNode transaction, string paymentId)
    {
        var amount = transaction.Amount ?? throw Unreadable("a payment", transaction);
        var (state, captured) = StateOf(transaction);
        var refunded = state is not PaymentState.Captured ? 0 : transaction.Refunds?.Where(IsGiven).Sum(refund => Minor(refund.Amount)) ?? 0;
        var isVoidedAfterCapture = state is PaymentState.Refunded;
        return new(
            paymentId,
            refunded > 0 && refunded >= captured ? PaymentState.Refunded : state,
            Minor(EventOf(transaction, "AUTHORIZED")?.Amount ?? amount),
            amount.CurrencyCode.ToUpperInvariant(),
            ReferenceOf(transaction.OrderId),
            captured,
            isVoidedAfterCapture ? captured : refunded,
            state is PaymentState.Declined ? BraintreeDeclines.CodeOf(transaction.StatusHistory?.FirstOrDefault()) : null,
            Advice: state is PaymentState.Declined ? BraintreeDeclines.AdviceOf(transaction.StatusHistory?.FirstOrDefault()) : null);
    }

    public static PaymentRefund ToRefund(this BraintreeNode refund) => refund.Amount is { } amount
        ? new(RefundStateOf(refund), refund.Id, Minor(amount), amount.CurrencyCode.ToUpperInvariant(), IsGiven(refund) ? null : BraintreeDeclines.CodeOf(refund.StatusHistory?.FirstOrDefault()))
        : throw Unreadable("a refund", refund);

    /// <summary>Whether a transaction with this order id is one of ours: others may share the account.</summary>
    public static bool IsOurs(string? orderId) => orderId is not null && OurOrderId().IsMatch(orderId);

    /// <summary>Our id of a payment, which is Braintree's order id too: the checkout's, a dot, and the attempt's.</summary>
    public static string? ReferenceOf(string? orderId) => orderId?.LastIndexOf('.') is > 0 and var dot ? orderId[..dot] : orderId;

    public static long Minor(BraintreeAmount? amount) => amount switch
    {
        null => 0,
        { Value: < 0 or >= 1_000_000_000 } => throw new ProviderException(BraintreeGateway.ProviderName, ProviderOperations.Retrieve, "answered an amount out of range."),
        _ => Currencies.IsKnown(amount.CurrencyCode) ? Currencies.ToMinor(amount.Value, amount.CurrencyCode) : (long)(amount.Value * 100),
    };

    private static (PaymentState State, long Captured) StateOf(BraintreeNode transaction) => transaction.Status switch
    {
        "AUTHORIZING" => (PaymentState.Processing, 0),
        "AUTHORIZED" => (PaymentState.Authorized, 0),
        "AUTHORIZATION_EXPIRED" => (PaymentState.Voided, 0),
        // Captured and voided before it settled: the buyer was never charged, and for us it is money given back.
        "VOIDED" => EventOf(transaction, Submitted) is { } taken ? (PaymentState.Refunded, Minor(taken.Amount ?? transaction.Amount)) : (PaymentState.Voided, 0),
        var status when Taken.Contains(status) => (PaymentState.Captured, Minor(transaction.Amount)),
        var status when Declined.Contains(status) => (PaymentState.Declined, 0),
        _ => throw Unreadable("a payment", transaction),
    };

    private static PaymentRefundState RefundStateOf(BraintreeNode refund) => refund.Status switch
    {
        Submitted or "SETTLING" or "SETTLED" => PaymentRefundState.Succeeded,
        "AUTHORIZING" or "AUTHORIZED" or "SETTLEMENT_PENDING" => PaymentRefundState.Pending,
        _ when !IsGiven(refund) => PaymentRefundState.Failed,
        _ => throw Unreadable("a refund", refund),
    };

    private static bool IsGiven(BraintreeNode refund) => !Declined.Contains(refund.Status) && refund.Status is not ("VOIDED" or "AUTHORIZATION_EXPIRED");

    private static BraintreeEvent? EventOf(BraintreeNode transaction, string status) => transaction.StatusHistory?.LastOrDefault(past => past.Status == status);

    [GeneratedRegex(@"\A.+\.[0-9a-f]{20}\z")]
    private static partial Regex OurOrderId();

    private static ProviderException Unreadable(string what, BraintreeNode node) => new(
        BraintreeGateway.ProviderName, ProviderOperations.Retrieve, $"answered {what} that can't be read (status '{(node.Status?.Length <= 40 ? node.Status : "?")}').");
}
