namespace CheckoutFunctions.Shipping;

/// <summary>Several quotes as one.</summary>
public static class RateQuotes
{
    /// <summary>Of each carrier's service the cheapest; all sorted by cost, then days; each message once.</summary>
    public static RateQuote Merge(IReadOnlyCollection<RateQuote> quotes)
    {
        var rates = quotes.SelectMany(quote => quote.Rates)
            .OrderBy(rate => rate.Cost)
            .ThenBy(rate => rate.DeliveryDays ?? int.MaxValue)
            .ThenBy(rate => rate.Id, StringComparer.Ordinal)
            .DistinctBy(rate => rate.Id);
        return new([.. rates], [.. quotes.SelectMany(quote => quote.Messages).Distinct()]);
    }
}
