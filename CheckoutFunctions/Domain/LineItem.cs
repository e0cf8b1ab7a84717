namespace CheckoutFunctions.Domain;

/// <summary>One line of a cart or an order: what, how many, at which price (minor units) and how heavy (grams a piece).</summary>
public sealed record LineItem(string Sku, string Name, int Quantity, long UnitPrice, string? TaxCode, int WeightGrams)
{
    public long LineTotal => checked(UnitPrice * Quantity);
}
