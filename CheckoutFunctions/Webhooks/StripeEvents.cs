using System.Text.Json;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Webhooks;

/// <summary>Reads Stripe's events: only what says which payment of which checkout changed. How it stands now, the checkout asks Stripe itself.</summary>
internal static class StripeEvents
{
    /// <summary>What can end a wait for the buyer or the bank. The rest is acknowledged and ignored.</summary>
    private static readonly HashSet<string> Signals = new(StringComparer.Ordinal)
    {
        "payment_intent.amount_capturable_updated", "payment_intent.canceled", "payment_intent.payment_failed", "payment_intent.processing", "payment_intent.succeeded",
    };

    /// <summary>Money given back that the buyer's bank returned.</summary>
    private static readonly HashSet<string> Bounces = new(StringComparer.Ordinal) { "refund.failed", "refund.updated", "charge.refund.updated" };

    /// <summary>Null: an event that no checkout of ours waits for, of whatever shape.</summary>
    public static PaymentEvent? Read(JsonElement json) =>
        Text(json, "id") is { } id && Text(json, "type") is { } type && Member(Member(json, "data"), "object") is { } subject
            ? Signals.Contains(type) ? OfPayment(id, type, subject) : Bounces.Contains(type) ? OfRefund(id, type, subject) : null
            : null;

    private static PaymentEvent? OfPayment(string id, string type, JsonElement payment) =>
        Text(payment, "id") is { } paymentId && Text(Member(payment, "metadata"), StripeAnswers.CheckoutId) is { } checkoutId
            ? new(StripeGateway.ProviderName, id, type, paymentId, checkoutId)
            : null;

    /// <summary>Our key on a refund names the checkout whose compensation made it; an operator's refund looks after itself.</summary>
    private static PaymentEvent? OfRefund(string id, string type, JsonElement refund) =>
        Text(refund, "status") == "failed" && Text(refund, "payment_intent") is { } paymentId
        && Text(Member(refund, "metadata"), StripeRefunds.Key) is { } key && key.StartsWith("chk_", StringComparison.Ordinal)
            ? new(StripeGateway.ProviderName, id, type, paymentId, key.Split(':')[0])
            : null;

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;
}
