using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Orders;

/// <summary>The legally binding order. Amounts in minor units of <paramref name="Currency"/>.</summary>
public sealed record Order(
    string OrderId,
    string CheckoutId,
    string Currency,
    IReadOnlyList<LineItem> Items,
    long Subtotal,
    long DiscountTotal,
    long ShippingCost,
    long TaxCost,
    long GrandTotal,
    string? Email,
    Address ShipTo,
    string ShippingMethod,
    string PaymentId,
    DateTimeOffset PlacedAt);

/// <summary>Write the order and turn its hold into a sale, in one transaction.</summary>
public sealed record PlaceOrder(Order Order, string HoldKey);

public sealed record OrderPlacement(OrderPlacementOutcome Outcome);

[JsonConverter(typeof(JsonStringEnumConverter<OrderPlacementOutcome>))]
public enum OrderPlacementOutcome
{
    Placed,

    /// <summary>The hold is gone and its stock was sold to others meanwhile.</summary>
    HoldLost,

    /// <summary>The order was cancelled before: this request came late.</summary>
    Cancelled,

    /// <summary>The checkout has another order already.</summary>
    OtherOrderExists,
}

/// <summary>Takes an order back and turns its sale into a hold again.</summary>
public sealed record CancelOrder(Order Order, string HoldKey);

[JsonConverter(typeof(JsonStringEnumConverter<OrderState>))]
public enum OrderState
{
    [JsonStringEnumMemberName("placed")] Placed,
    [JsonStringEnumMemberName("cancelled")] Cancelled,
    [JsonStringEnumMemberName("partially_refunded")] PartiallyRefunded,
    [JsonStringEnumMemberName("refunded")] Refunded,
}

/// <param name="Refunded">What the buyer has got back, in minor units.</param>
/// <param name="Kept">Of its checkout, where that was forgotten.</param>
public sealed record StoredOrder(Order Order, OrderState State, long Refunded = 0, KeptOfCheckout? Kept = null);
