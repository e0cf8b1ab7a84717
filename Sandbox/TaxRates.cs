namespace Sandbox;

/// <summary>The parts of a sales tax rate, and whether shipping is taxed too.</summary>
internal sealed record TaxRate(decimal State, decimal County, decimal City, decimal Special, bool FreightTaxable)
{
    public decimal Combined => State + County + City + Special;
}

/// <summary>Rates to test with: five states as they often are, the others at their state rate. Not for filing.</summary>
internal static class TaxRates
{
    private static readonly TaxRate BeverlyHills = new(0.0625m, 0.01m, 0m, 0.0225m, FreightTaxable: false);
    private static readonly TaxRate Elsewhere = new(0.06m, 0m, 0m, 0m, FreightTaxable: true);

    private static readonly Dictionary<string, TaxRate> ByState = new(StringComparer.Ordinal)
    {
        ["CA"] = new(0.0625m, 0.01m, 0m, 0m, FreightTaxable: false),
        ["NY"] = new(0.04m, 0m, 0.04875m, 0m, FreightTaxable: true),
        ["TX"] = new(0.0625m, 0m, 0.01m, 0.01m, FreightTaxable: true),
        ["WA"] = new(0.065m, 0m, 0.0385m, 0m, FreightTaxable: true),
        ["FL"] = new(0.06m, 0.01m, 0m, 0m, FreightTaxable: true),
        ["IL"] = new(0.0625m, 0.0175m, 0.0125m, 0.01m, FreightTaxable: false),
        ["PA"] = new(0.06m, 0.02m, 0m, 0m, FreightTaxable: true),
        ["MA"] = new(0.0625m, 0m, 0m, 0m, FreightTaxable: false),
        ["CO"] = new(0.029m, 0m, 0.0481m, 0.011m, FreightTaxable: false),
        ["AK"] = Untaxed,
        ["DE"] = Untaxed,
        ["MT"] = Untaxed,
        ["NH"] = Untaxed,
        ["OR"] = Untaxed,
    };

    private static TaxRate Untaxed => new(0m, 0m, 0m, 0m, FreightTaxable: false);

    public static TaxRate Of(string state, string zip) =>
        state == "CA" && zip.StartsWith("902", StringComparison.Ordinal) ? BeverlyHills : ByState.GetValueOrDefault(state, Elsewhere);
}
