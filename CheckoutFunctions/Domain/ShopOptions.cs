namespace CheckoutFunctions.Domain;

/// <summary>The shop that sells: who it is, where parcels leave from, and how a parcel is packed. Settings <c>Shop__…</c>.</summary>
public sealed record ShopOptions
{
    public string Name { get; init; } = "Demo shop";

    /// <summary>As receipts must name the seller, where that isn't <see cref="Name"/>.</summary>
    public string? LegalName { get; init; }

    public string? TaxId { get; init; }

    /// <summary>Where buyers can write to.</summary>
    public string? Email { get; init; }

    public Address ShipFrom { get; init; } = new("Demo shop", "388 Townsend St", null, "San Francisco", "CA", "94107", "US");

    /// <summary>Added to every parcel's weight, in grams.</summary>
    public int PackagingGrams { get; init; } = 150;
}
