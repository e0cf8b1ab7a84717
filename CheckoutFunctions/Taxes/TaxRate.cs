namespace CheckoutFunctions.Taxes;

/// <summary>The part of its price that a category of goods, or the shipping, is taxed at one place: 0.0825.</summary>
public sealed record TaxRate(string Category, decimal Rate)
{
    /// <summary>What is shipped has tax codes of its own; this is none of them.</summary>
    public const string Shipping = "shipping";

    /// <summary>Goods without a tax code are one category too: the ordinary one.</summary>
    public static string CategoryOf(TaxLine line) => line.TaxCode ?? "";
}

/// <summary>A line as a provider taxed it, in major units. <paramref name="Exact"/> is its tax by the stated rates, before rounding.</summary>
internal sealed record TaxedPart(string Category, decimal Net, decimal Tax, decimal Exact)
{
    /// <summary>Flat fees and caps have no rate: there the exact tax is off by more than rounding, and the charged one counts.</summary>
    private decimal Counted(decimal rounding) => Math.Abs(Exact - Tax) <= rounding ? Exact : Tax;

    /// <param name="rounding">How far the sum of a line's rounded taxes may be from its exact tax.</param>
    public static IReadOnlyList<TaxRate> Rates(IEnumerable<TaxedPart> parts, decimal rounding) =>
    [
        .. parts.GroupBy(part => part.Category, StringComparer.Ordinal)
            .Where(category => category.Sum(part => part.Net) > 0)
            .Select(category => new TaxRate(category.Key, category.Sum(part => part.Counted(rounding)) / category.Sum(part => part.Net)))
            .Where(rate => rate.Rate is >= 0 and <= 1), // anything else is no rate to estimate by
    ];
}
