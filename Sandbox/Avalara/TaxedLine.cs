namespace Sandbox.Avalara;

/// <summary>A line with its tax: calculated, and as it stands after an override. The parts of the jurisdictions add up to both.</summary>
internal sealed record TaxedLine(TransactionLine Line, decimal Taxable, decimal Calculated, decimal Tax, IReadOnlyList<TaxPart> Parts)
{
    public static IReadOnlyList<TaxedLine> Of(TransactionRequest request)
    {
        var rate = request.To.IsUs ? TaxRates.Of(request.To.Region!, request.To.PostalCode ?? "") : null;
        var calculated = request.Lines.Select(line => Calculate(line, rate)).ToList();
        if (request.Override is not { } instead)
            return calculated;

        var weights = calculated.Select(line => line.Calculated).ToList();
        var taxes = Spread(instead.Amount, weights.Any(weight => weight != 0) ? weights : [.. calculated.Select(line => line.Line.Amount)]);
        return [.. calculated.Select((line, index) => line.With(taxes[index]))];
    }

    private static TaxedLine Calculate(TransactionLine line, TaxRate? rate)
    {
        var taxable = rate is null || line.TaxCode == "NT" || (line.IsShipping && !rate.FreightTaxable) ? 0 : line.Amount;
        var tax = Math.Round(taxable * (rate?.Combined ?? 0), 2, MidpointRounding.AwayFromZero);
        var rates = rate is null || taxable == 0 ? [] : new[] { ("State", "STA", rate.State), ("County", "CTY", rate.County), ("City", "CIT", rate.City), ("Special", "STJ", rate.Special) }
            .Where(part => part.Item3 > 0).ToArray();
        var shares = Spread(tax, [.. rates.Select(part => part.Item3)]);
        return new(line, taxable, tax, tax, [.. rates.Select((part, index) => new TaxPart(part.Item1, part.Item2, part.Item3, taxable, shares[index], shares[index]))]);
    }

    private TaxedLine With(decimal tax)
    {
        var shares = Spread(tax, [.. Parts.Select(part => part.Rate)]);
        return this with { Tax = tax, Parts = [.. Parts.Select((part, index) => part with { Tax = shares[index] })] };
    }

    // Each takes its share of what is left, so that the shares add up to the whole.
    private static List<decimal> Spread(decimal amount, IReadOnlyList<decimal> weights)
    {
        var (left, weightLeft) = (amount, weights.Sum());
        var shares = new List<decimal>();
        foreach (var weight in weights)
        {
            var share = weightLeft == 0 ? 0 : Math.Round(left * weight / weightLeft, 2, MidpointRounding.AwayFromZero);
            (left, weightLeft) = (left - share, weightLeft - weight);
            shares.Add(share);
        }

        return shares;
    }
}

/// <summary>What one jurisdiction takes of a line.</summary>
internal sealed record TaxPart(string Jurisdiction, string Code, decimal Rate, decimal Taxable, decimal Calculated, decimal Tax);
