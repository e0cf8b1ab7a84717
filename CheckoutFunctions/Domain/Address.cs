namespace CheckoutFunctions.Domain;

/// <summary>A postal address as the buyer typed it or a verifier suggests it. Country is ISO 3166-1 alpha-2.</summary>
public sealed record Address(string? Name, string Line1, string? Line2, string? City, string? State, string? Zip, string Country)
{
    /// <summary>What a tax rests on, and nobody's any more.</summary>
    /// <param name="line1">In the street's place.</param>
    public Address OnlyForTax(string line1) => new(null, line1, null, null, State, Zip, Country);
}
