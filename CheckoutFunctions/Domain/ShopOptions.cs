namespace CheckoutFunctions.Domain;

/// <summary>The shop that sells: where parcels leave from, and how a parcel is packed. Settings <c>Shop__…</c>.</summary>
public sealed record ShopOptions
{
    public string Name { get; init; } = "Demo shop";

    public Address ShipFrom { get; init; } = new("Demo shop", "388 Townsend St", null, "San Francisco", "CA", "94107", "US");

    /// <summary>Added to every parcel's weight, in grams.</summary>
    public int PackagingGrams { get; init; } = 150;
}
