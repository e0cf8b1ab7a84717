using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Taxes;

/// <summary>Settings <c>Taxes__…</c>.</summary>
public sealed record TaxOptions
{
    /// <summary>How long the providers, one after another, may take to say a tax: <c>Taxes__BudgetSeconds</c>.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How old a rate may be that stands in for them: <c>Taxes__LastKnownRateDays</c>. Zero: none does.</summary>
    public TimeSpan LastKnownRateAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Throws a sentence that names the setting at fault.</summary>
    internal static TaxOptions Read(IConfiguration configuration)
    {
        var defaults = new TaxOptions();
        var (budget, days) = (configuration["Taxes:BudgetSeconds"], configuration["Taxes:LastKnownRateDays"]);
        return new()
        {
            Budget = budget is null ? defaults.Budget
                : decimal.TryParse(budget, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.1m and <= 600
                    ? TimeSpan.FromMilliseconds((long)(seconds * 1000))
                : throw new InvalidOperationException("The setting Taxes__BudgetSeconds must be a number of seconds from 0.1 to 600."),
            LastKnownRateAge = days is null ? defaults.LastKnownRateAge
                : int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole <= 365 ? TimeSpan.FromDays(whole)
                : throw new InvalidOperationException("The setting Taxes__LastKnownRateDays must be a whole number of days from 0 to 365."),
        };
    }
}
