using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Shipping;

/// <summary>Settings <c>Shipping__…</c>.</summary>
public sealed record ShippingOptions
{
    /// <summary>How long rates are waited for, whoever is asked: <c>Shipping__BudgetSeconds</c>. A provider alone has its own time-out, which is this unless set.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Once one provider has given rates, how long the others are still waited for: <c>Shipping__HedgeSeconds</c>.</summary>
    public TimeSpan Hedge { get; init; } = TimeSpan.FromMilliseconds(500);

    public RateTable Table { get; init; } = new([]);

    /// <summary>
    /// One call's time-out, unless set: a little less than the budget, so that it ends by itself. The provider's circuit breaker counts that;
    /// a call that is cancelled it doesn't.
    /// </summary>
    public TimeSpan CallTimeout => Budget * 0.95;

    /// <summary>Throws a sentence that names the setting at fault.</summary>
    internal static ShippingOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Shipping");
        var defaults = new ShippingOptions();
        return new()
        {
            Budget = Seconds(section, "BudgetSeconds", least: 0.1m) ?? defaults.Budget,
            Hedge = Seconds(section, "HedgeSeconds", least: 0) ?? defaults.Hedge,
            Table = RateTable.Read(section.GetSection("Fallback")),
        };
    }

    private static TimeSpan? Seconds(IConfigurationSection section, string key, decimal least) => section[key] is not { Length: > 0 } text ? null
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= 600
            ? TimeSpan.FromMilliseconds((long)(seconds * 1000))
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The setting Shipping__{key} must be a number of seconds from {least} to 600."));
}
