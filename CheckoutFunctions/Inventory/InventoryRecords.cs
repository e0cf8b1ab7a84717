using System.Text.Json.Serialization;

namespace CheckoutFunctions.Inventory;

/// <summary>Hold these lines for a checkout until <paramref name="ExpiresAt"/>, at the prices that the buyer saw.</summary>
/// <param name="HoldKey"><c>checkout:attempt:hold</c>: the same key holds once.</param>
public sealed record ReserveInventory(string HoldKey, string CheckoutId, IReadOnlyList<HoldLine> Lines, DateTimeOffset ExpiresAt);

/// <param name="UnitPrice">What the buyer was quoted, in minor units.</param>
public sealed record HoldLine(string Sku, int Quantity, long UnitPrice);

public sealed record Reservation(ReservationOutcome Outcome, IReadOnlyList<Shortage>? Shortages = null, IReadOnlyList<PriceChange>? PriceChanges = null);

[JsonConverter(typeof(JsonStringEnumConverter<ReservationOutcome>))]
public enum ReservationOutcome
{
    Held,
    OutOfStock,

    /// <summary>The catalog's price is no longer the quoted one; nothing is held.</summary>
    PriceChanged,

    /// <summary>The hold was already released: this request came late.</summary>
    Released,
}

public sealed record Shortage(string Sku, int Requested, long Available);

public sealed record PriceChange(string Sku, long Quoted, long Current);

public sealed record ReleaseInventory(string HoldKey, string CheckoutId);
