using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Sessions;

/// <summary>How one command ended: done, or a "no" with its reason; with the session as it was then.</summary>
/// <param name="CommandKey">Under which a repeat of the command finds this answer.</param>
/// <param name="RequestHash">Of the request's body: the same key with another body is a conflict.</param>
/// <param name="Changes">Where totals have changed: which, from what to what.</param>
public sealed record CommandAnswer(
    string CommandKey,
    string RequestHash,
    AnswerCode Code,
    SessionDocument Session,
    string? Detail = null,
    string? DeclineCode = null,
    Address? Suggestion = null,
    IReadOnlyList<AnswerError>? Errors = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AmountChange>? Changes = null);

/// <summary>An amount of the session that is no longer what the buyer saw, in minor units; null: not known, or no longer offered.</summary>
public sealed record AmountChange(string Pointer, long? Before, long? After);

/// <summary>What is wrong with one part of the request: a line that is sold out, a code that has expired.</summary>
public sealed record AnswerError(string Pointer, string Detail);

/// <summary>The stable codes of HTTP.md; <c>Api/Problems</c> gives each its HTTP status.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerCode>))]
public enum AnswerCode
{
    [JsonStringEnumMemberName("ok")] Ok,
    [JsonStringEnumMemberName("action_required")] ActionRequired,
    [JsonStringEnumMemberName("address_undeliverable")] AddressUndeliverable,
    [JsonStringEnumMemberName("no_shipping_rates")] NoShippingRates,
    [JsonStringEnumMemberName("shipping_unavailable")] ShippingUnavailable,
    [JsonStringEnumMemberName("tax_unavailable")] TaxUnavailable,
    [JsonStringEnumMemberName("discount_not_applicable")] DiscountNotApplicable,
    [JsonStringEnumMemberName("step_not_ready")] StepNotReady,
    [JsonStringEnumMemberName("rate_expired")] RateExpired,
    [JsonStringEnumMemberName("unknown_shipping_method")] UnknownShippingMethod,
    [JsonStringEnumMemberName("card_declined")] CardDeclined,
    [JsonStringEnumMemberName("out_of_stock")] OutOfStock,
    [JsonStringEnumMemberName("totals_changed")] TotalsChanged,
    [JsonStringEnumMemberName("invalid_payment_token")] InvalidPaymentToken,
    [JsonStringEnumMemberName("payment_unavailable")] PaymentUnavailable,
    [JsonStringEnumMemberName("store_unavailable")] StoreUnavailable,
    [JsonStringEnumMemberName("checkout_closed")] CheckoutClosed,
    [JsonStringEnumMemberName("checkout_completed")] CheckoutCompleted,
    [JsonStringEnumMemberName("needs_attention")] NeedsAttention,
}
