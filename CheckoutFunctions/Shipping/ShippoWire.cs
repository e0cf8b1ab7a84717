namespace CheckoutFunctions.Shipping;

// What of Shippo's bodies is used. Its description promises more than its answers keep: most fields may be null.
internal sealed record ShippoQuestion(ShippoPlace AddressFrom, ShippoPlace AddressTo, IReadOnlyList<ShippoParcel> Parcels, bool Async);

internal sealed record ShippoPlace(string? Street1, string? Street2, string? City, string? State, string? Zip, string Country);

/// <summary>All numbers as texts.</summary>
internal sealed record ShippoParcel(string Length, string Width, string Height, string DistanceUnit, string Weight, string MassUnit);

internal sealed record ShippoShipment(string Status, IReadOnlyList<ShippoRate> Rates, string? ObjectId = null, IReadOnlyList<ShippoMessage>? Messages = null)
{
    /// <summary>Its rates are still being fetched. WAITING is in no list of the description.</summary>
    public bool IsUnderWay => Status is "QUEUED" or "WAITING";
}

/// <param name="Provider">The carrier.</param>
/// <param name="Amount">In major units, as a decimal text; in the sender's currency. <paramref name="AmountLocal"/> is in the receiver's.</param>
/// <param name="Days">What older answers call <paramref name="EstimatedDays"/>.</param>
internal sealed record ShippoRate(
    string Provider,
    ShippoServiceLevel Servicelevel,
    decimal? Amount = null,
    string? Currency = null,
    decimal? AmountLocal = null,
    string? CurrencyLocal = null,
    int? EstimatedDays = null,
    int? Days = null);

internal sealed record ShippoServiceLevel(string? Name = null, string? Token = null);

/// <param name="Source">The carrier.</param>
internal sealed record ShippoMessage(string? Source = null, string? Text = null);
