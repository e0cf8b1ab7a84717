using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Payments;

/// <summary>Give back a part of what was captured.</summary>
/// <param name="Key">The idempotency key, <c>refund:attempt:refund</c>, which the provider keeps with the refund: it is looked up by it.</param>
public sealed record RefundPayment(string Key, string PaymentId, Money Amount);

public sealed record FindRefund(string Key, string PaymentId);

/// <summary>A refund as the provider states it. Amount in minor units of <paramref name="Currency"/>.</summary>
/// <param name="Reason">Why it failed or was refused, in the provider's code.</param>
public sealed record PaymentRefund(PaymentRefundState State, string? Id = null, long Amount = 0, string Currency = "", string? Reason = null);

[JsonConverter(typeof(JsonStringEnumConverter<PaymentRefundState>))]
public enum PaymentRefundState
{
    /// <summary>The provider knows no refund under that key.</summary>
    None,

    /// <summary>Accepted, not decided: ask again.</summary>
    Pending,
    Succeeded,

    /// <summary>The buyer's bank turned it down, at once or days later: the money is back with the shop.</summary>
    Failed,

    /// <summary>The provider won't do it; nothing has moved.</summary>
    Refused,
}
