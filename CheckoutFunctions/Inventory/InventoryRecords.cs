using System.Text.Json.Serialization;

namespace CheckoutFunctions.Inventory;

/// <summary>Hold these lines for a checkout until <paramref name="ExpiresAt"/>, at the prices that the buyer saw.</summary>
/// <param name="HoldKey"><c>checkout:attempt:hold</c>: the same key holds once.</param>
/// <param name="Codes">Discount codes that are limited: a use of each is held with the lines. Left out where there is none, as before there were any.</param>
public sealed record ReserveInventory(
    string HoldKey,
    string CheckoutId,
    IReadOnlyList<HoldLine> Lines,
    DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Codes = null);

/// <param name="UnitPrice">What the buyer was quoted, in minor units.</param>
public sealed record HoldLine(string Sku, int Quantity, long UnitPrice);

/// <summary>Let a hold last until <paramref name="ExpiresAt"/>, never shorter than it does, while its buyer does what the bank asks for.</summary>
public sealed record ExtendHold(string HoldKey, string CheckoutId, DateTimeOffset ExpiresAt);

/// <summary>Whether the stock is held and, if it isn't, why.</summary>
public sealed record Reservation(
    ReservationOutcome Outcome,
    IReadOnlyList<Shortage>? Shortages = null,
    IReadOnlyList<PriceChange>? PriceChanges = null,
    IReadOnlyList<LostCode>? LostCodes = null);

[JsonConverter(typeof(JsonStringEnumConverter<ReservationOutcome>))]
public enum ReservationOutcome
{
    Held,
    OutOfStock,

    /// <summary>The catalog's price is no longer the quoted one; nothing is held.</summary>
    PriceChanged,

    /// <summary>The hold was already released: this request came late.</summary>
    Released,

    /// <summary>A discount code no longer holds; nothing is held.</summary>
    CodeLost,
}

public sealed record Shortage(string Sku, int Requested, long Available);

public sealed record PriceChange(string Sku, long Quoted, long Current);

/// <summary>A discount code that held when the buyer entered it, and why it doesn't any more.</summary>
public sealed record LostCode(string Code, string Reason);

/// <summary>Puts sold goods that came back on the shelf again. The same key puts them there once.</summary>
public sealed record RestockInventory(string Key, IReadOnlyList<RestockLine> Lines);

public sealed record RestockLine(string Sku, int Quantity);

public sealed record ReleaseInventory(string HoldKey, string CheckoutId);
