using System.Text.Json.Serialization;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Sessions;

/// <summary>What a storefront sees of a checkout: HTTP.md's session document. Amounts in minor units of <c>Currency</c>; null is "not known yet".</summary>
public sealed record SessionDocument(
    string CheckoutId,
    string CartId,
    CheckoutStatus Status,
    long Version,
    string Currency,
    IReadOnlyList<SessionItem> Items,
    Customer? Customer,
    IReadOnlyList<AppliedDiscount> Discounts,
    Address? ShippingAddress,
    SessionAddressCheck? AddressCheck,
    IReadOnlyList<ShippingRate>? ShippingRates,
    string? ShippingMethod,
    long? ShippingCost,
    long? TaxCost,
    SessionTax? Tax,
    long Subtotal,
    long DiscountTotal,
    long? GrandTotal,
    SessionPayment Payment,
    string? OrderId,
    IReadOnlyList<SessionMessage> Messages,
    DateTimeOffset ExpiresAt)
{
    [JsonIgnore]
    public bool IsClosed => Status is CheckoutStatus.Completed or CheckoutStatus.Cancelled or CheckoutStatus.Expired;
}

[JsonConverter(typeof(JsonStringEnumConverter<CheckoutStatus>))]
public enum CheckoutStatus
{
    [JsonStringEnumMemberName("CART")] Cart,
    [JsonStringEnumMemberName("ADDRESS_COLLECTED")] AddressCollected,
    [JsonStringEnumMemberName("METHOD_SELECTED")] MethodSelected,
    [JsonStringEnumMemberName("PAYING")] Paying,
    [JsonStringEnumMemberName("ACTION_REQUIRED")] ActionRequired,
    [JsonStringEnumMemberName("COMPLETED")] Completed,
    [JsonStringEnumMemberName("CANCELLED")] Cancelled,
    [JsonStringEnumMemberName("EXPIRED")] Expired,
    [JsonStringEnumMemberName("NEEDS_ATTENTION")] NeedsAttention,
}

public sealed record SessionItem(string Sku, string Name, int Quantity, long UnitPrice, long LineTotal);

public sealed record Customer(string Email, string? AccountId = null);

public sealed record AppliedDiscount(string Code, long Amount);

public sealed record SessionAddressCheck(AddressVerdict Verdict, Address? Suggestion);

/// <param name="Source">Who calculated it.</param>
public sealed record SessionTax(string Source, bool Estimated, DateTimeOffset AsOf);

public sealed record SessionPayment(SessionPaymentState State, string? DeclineCode = null, SessionAction? Action = null)
{
    public static SessionPayment None { get; } = new(SessionPaymentState.None);
}

[JsonConverter(typeof(JsonStringEnumConverter<SessionPaymentState>))]
public enum SessionPaymentState
{
    [JsonStringEnumMemberName("none")] None,
    [JsonStringEnumMemberName("authorized")] Authorized,
    [JsonStringEnumMemberName("captured")] Captured,
    [JsonStringEnumMemberName("declined")] Declined,
    [JsonStringEnumMemberName("action_required")] ActionRequired,
    [JsonStringEnumMemberName("voided")] Voided,
    [JsonStringEnumMemberName("refunded")] Refunded,
}

/// <summary>What the buyer must do at the provider: <c>three_d_secure</c>, with its client secret or at a URL.</summary>
public sealed record SessionAction(string Type, string? ClientSecret, string? Url);

public sealed record SessionMessage(MessageSeverity Severity, string Code, string Text, string? Pointer = null);

[JsonConverter(typeof(JsonStringEnumConverter<MessageSeverity>))]
public enum MessageSeverity
{
    [JsonStringEnumMemberName("info")] Info,
    [JsonStringEnumMemberName("warning")] Warning,
    [JsonStringEnumMemberName("error")] Error,
}
