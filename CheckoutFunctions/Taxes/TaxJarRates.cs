using System.Globalization;
using System.Text.Json;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Taxes;

/// <summary>The rates in TaxJar's breakdown, which has our lines under our numbers.</summary>
internal static class TaxJarRates
{
    public static IReadOnlyList<TaxRate> Of(TaxRequest request, TaxJarTax tax)
    {
        if (tax.HasNexus == false)
            return [.. request.Lines.Select(TaxRate.CategoryOf).Append(TaxRate.Shipping).Distinct().Select(category => new TaxRate(category, 0))];
        if (tax.Breakdown is not { } breakdown)
            return [];

        var parts = (breakdown.LineItems ?? []).Select(line => LineOf(line, request) is { } asked
            ? Part(TaxRate.CategoryOf(asked), asked.Net, line.TaxableAmount, line.CombinedTaxRate, line.TaxCollectable)
            : null);
        var shipping = breakdown.Shipping is { } taxed ? Part(TaxRate.Shipping, request.Shipping, taxed.TaxableAmount, taxed.CombinedTaxRate, taxed.TaxCollectable)
            : tax.FreightTaxable == false ? Part(TaxRate.Shipping, request.Shipping, 0, 0, 0)
            : null;
        return TaxedPart.Rates(parts.Append(shipping).OfType<TaxedPart>(), rounding: 2 * Currencies.ToMajor(1, request.Currency));

        TaxedPart Part(string category, long net, decimal taxable, decimal rate, decimal charged) =>
            new(category, Currencies.ToMajor(net, request.Currency), charged, taxable * rate);
    }

    private static TaxLine? LineOf(TaxJarTaxedLine line, TaxRequest request) =>
        int.TryParse(line.Id.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= request.Lines.Count
            ? request.Lines[number - 1]
            : null;
}

internal sealed record TaxJarBreakdown(IReadOnlyList<TaxJarTaxedLine>? LineItems = null, TaxJarTaxedShipping? Shipping = null);

internal sealed record TaxJarTaxedLine(JsonElement Id = default, decimal TaxableAmount = 0, decimal CombinedTaxRate = 0, decimal TaxCollectable = 0);

internal sealed record TaxJarTaxedShipping(decimal TaxableAmount = 0, decimal CombinedTaxRate = 0, decimal TaxCollectable = 0);
