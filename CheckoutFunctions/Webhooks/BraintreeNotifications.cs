using System.Text;
using System.Xml;
using System.Xml.Linq;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Webhooks;

/// <summary>Reads Braintree's notifications, XML in base64: only what says which payment of which checkout changed. How it stands now, the checkout asks Braintree itself.</summary>
internal static class BraintreeNotifications
{
    /// <summary>The bank returned money that was given back.</summary>
    private const string Bounce = "refund_failed";

    private static readonly HashSet<string> Signals = new(StringComparer.Ordinal)
    {
        "transaction_disbursed", "transaction_retried", "transaction_reviewed", "transaction_settled", "transaction_settlement_declined",
    };

    // No DTD and no resolver: a document must not make us read a file, ask a host, or grow.
    private static readonly XmlReaderSettings Safe = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };

    /// <summary>Null: a notification that no checkout of ours waits for.</summary>
    /// <exception cref="FormatException">Not base64 of a notification.</exception>
    public static PaymentEvent? Read(string payload)
    {
        var notification = Parse(payload);
        var (kind, time) = (Text(notification, "kind") ?? throw new FormatException("No kind."), Text(notification, "timestamp") ?? throw new FormatException("No timestamp."));
        var transaction = notification.Element("subject")?.Element("transaction");
        if (Text(transaction, "id") is not { } id || Text(transaction, "order-id") is not { } orderId)
            return null;

        // Braintree gives its notifications no ids.
        var eventId = $"{kind}:{id}:{time}";
        if (kind == Bounce)
            return OfRefund(eventId, orderId, Text(transaction, "refunded-transaction-id") ?? id);
        return Signals.Contains(kind) && BraintreeAnswers.IsOurs(orderId)
            ? new(BraintreeGateway.ProviderName, eventId, kind, orderId, BraintreeAnswers.ReferenceOf(orderId)!)
            : null;
    }

    /// <summary>Our key on a refund names the checkout whose compensation made it, as the order id of a reversal does; an operator's refund looks after itself.</summary>
    private static PaymentEvent? OfRefund(string eventId, string orderId, string paymentId) => orderId.StartsWith("chk_", StringComparison.Ordinal)
        ? new(BraintreeGateway.ProviderName, eventId, Bounce, paymentId, BraintreeAnswers.IsOurs(orderId) ? BraintreeAnswers.ReferenceOf(orderId)! : orderId.Split(':')[0])
        : null;

    private static XElement Parse(string payload)
    {
        try
        {
            // Braintree breaks the base64 into lines.
            using var reader = XmlReader.Create(new MemoryStream(Convert.FromBase64String(payload)), Safe);
            var root = XElement.Load(reader);
            return root.Name == "notification" ? root : throw new FormatException("Not a notification.");
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException)
        {
            throw new FormatException("Not XML.", e);
        }
    }

    private static string? Text(XElement? of, string name) => of?.Element(name)?.Value.Trim() is { Length: > 0 } value ? value : null;
}
