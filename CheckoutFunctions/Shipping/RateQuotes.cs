namespace CheckoutFunctions.Shipping;

/// <summary>Several quotes as one.</summary>
public static class RateQuotes
{
    /// <summary>Of each carrier's service the cheapest, at the same cost the first quote's; all sorted by cost, then days; each message once.</summary>
    public static RateQuote Merge(IReadOnlyCollection<RateQuote> quotes)
    {
        var rates = quotes.SelectMany((quote, rank) => quote.Rates.Select(rate => (Rate: rate, Rank: rank)))
            .OrderBy(quoted => quoted.Rate.Cost)
            .ThenBy(quoted => quoted.Rank)
            .ThenBy(quoted => quoted.Rate.DeliveryDays ?? int.MaxValue)
            .Select(quoted => quoted.Rate)
            .DistinctBy(rate => rate.Id)
            .OrderBy(rate => rate.Cost)
            .ThenBy(rate => rate.DeliveryDays ?? int.MaxValue)
            .ThenBy(rate => rate.Id, StringComparer.Ordinal);
        return new([.. rates], [.. quotes.SelectMany(quote => quote.Messages).Distinct()]);
    }
}
