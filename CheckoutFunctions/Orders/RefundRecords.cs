using System.Text.Json.Serialization;

namespace CheckoutFunctions.Orders;

/// <summary>An operator wants to give money back.</summary>
/// <param name="Amount">In minor units, with its share of the tax; null: all that is left.</param>
/// <param name="Restock">What goes back on the shelf; null: with all that is left, every line; with an amount, none.</param>
/// <param name="KeyHash">Of the client's idempotency key; null: the request is an act of its own.</param>
public sealed record RefundRequest(
    string RefundId, string OrderId, long? Amount, string Reason, IReadOnlyList<RefundLine>? Restock, string? KeyHash, string RequestHash);

public sealed record RefundLine(string Sku, int Quantity);

/// <param name="Refund">The refund as it stands; null where the request was refused.</param>
/// <param name="Left">What could still be given back, in minor units.</param>
public sealed record RefundGate(RefundGateOutcome Outcome, StoredRefund? Refund = null, long Left = 0, string? Sku = null);

public enum RefundGateOutcome
{
    Accepted,

    /// <summary>The key was used before: this is that refund.</summary>
    Repeated,
    UnknownOrder,

    /// <summary>The order was cancelled: its money went back already.</summary>
    OrderCancelled,
    ExceedsOrder,

    /// <summary>More of a product than was sold and not yet returned.</summary>
    ExceedsSold,
}

/// <summary>A refund as the orders' database has it. Amounts in minor units of <paramref name="Currency"/>.</summary>
/// <param name="Tax">The part of the amount that is tax.</param>
/// <param name="ProviderId">The payment provider's id, once there is one.</param>
/// <param name="Detail">Why it failed or needs attention.</param>
public sealed record StoredRefund(
    string RefundId,
    string OrderId,
    RefundStatus Status,
    string Currency,
    long Amount,
    long Tax,
    string Reason,
    IReadOnlyList<RefundLine> Restock,
    string? ProviderId,
    string? Detail,
    DateTimeOffset RequestedAt,
    string RequestHash);

/// <summary>Writes how a refund stands; an older version, arriving late, changes nothing.</summary>
public sealed record SaveRefund(string RefundId, int Version, RefundStatus Status, string? ProviderId = null, string? Detail = null);

[JsonConverter(typeof(JsonStringEnumConverter<RefundStatus>))]
public enum RefundStatus
{
    [JsonStringEnumMemberName("requested")] Requested,
    [JsonStringEnumMemberName("refunded")] Refunded,

    /// <summary>It waits for an operator; the amount stays reserved.</summary>
    [JsonStringEnumMemberName("needs_attention")] NeedsAttention,

    /// <summary>The provider refused it before anything else was done; the amount may be refunded in another way.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
}
