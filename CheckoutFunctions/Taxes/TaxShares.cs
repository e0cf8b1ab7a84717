namespace CheckoutFunctions.Taxes;

/// <summary>Spreads an amount over what it was charged for.</summary>
internal static class TaxShares
{
    /// <summary>Each weight's share in minor units; together exactly the amount. No weights, no shares.</summary>
    public static IReadOnlyList<long> Of(long amount, IReadOnlyList<long> weights)
    {
        var (left, weightLeft) = (amount, weights.Sum());
        var shares = new List<long>();
        foreach (var weight in weights)
        {
            // Each takes its share of what is left, so that the shares add up to the whole.
            var share = weightLeft == 0 ? 0 : (long)Math.Round((decimal)left * weight / weightLeft, MidpointRounding.AwayFromZero);
            left -= share;
            weightLeft -= weight;
            shares.Add(share);
        }

        return shares;
    }
}
