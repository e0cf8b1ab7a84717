namespace CheckoutFunctions.Domain;

/// <summary>A postal address as the buyer typed it or a verifier suggests it. Country is ISO 3166-1 alpha-2.</summary>
public sealed record Address(string? Name, string Line1, string? Line2, string? City, string? State, string? Zip, string Country);
