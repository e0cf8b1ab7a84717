using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Checkout;

public static class CheckoutFlowServices
{
    private const decimal DefaultTolerance = 1;
    private const int DefaultRequote = 2000;

    /// <summary>
    /// <c>Checkout__Expiry</c> (24:00:00 is 24 hours), <c>Checkout__HoldMinutes</c>, <c>Checkout__ActionMinutes</c>, <c>Checkout__QuoteMinutes</c>,
    /// <c>Checkout__QuoteTolerancePercent</c>, <c>Checkout__RequoteSeconds</c>.
    /// </summary>
    public static IServiceCollection AddCheckout(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Checkout");
        var defaults = new CheckoutLimits();
        return services.AddSingleton<CheckoutClient>().AddSingleton(new CheckoutLimits
        {
            Expiry = section["Expiry"] is { Length: > 0 } expiry ? Duration(expiry) : defaults.Expiry,
            HoldMinutes = Minutes(section, "HoldMinutes", defaults.HoldMinutes),
            ActionMinutes = Minutes(section, "ActionMinutes", defaults.ActionMinutes),
            QuoteMinutes = Minutes(section, "QuoteMinutes", defaults.QuoteMinutes),
            QuoteTolerancePercent = Percent(section, "QuoteTolerancePercent", DefaultTolerance),
            RequoteMilliseconds = Milliseconds(section, "RequoteSeconds", DefaultRequote),
        });
    }

    private static int Minutes(IConfiguration section, string name, int otherwise) => section[name] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 => minutes,
        var text => throw new InvalidOperationException($"Checkout__{name} must be a whole number of minutes above 0, not '{text}'."),
    };

    private static decimal Percent(IConfiguration section, string name, decimal otherwise) => section[name] switch
    {
        null or "" => otherwise,
        var text when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100 => percent,
        var text => throw new InvalidOperationException($"Checkout__{name} must be a number from 0 to 100, such as 1 or 0.5, not '{text}'."),
    };

    private static int Milliseconds(IConfiguration section, string name, int otherwise) => section[name] switch
    {
        null or "" => otherwise,
        var text when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.1m and <= 60 => (int)(seconds * 1000),
        var text => throw new InvalidOperationException($"Checkout__{name} must be a number of seconds from 0.1 to 60, not '{text}'."),
    };

    /// <summary>Hours may exceed 23, which TimeSpan's own format reads as days.</summary>
    private static TimeSpan Duration(string text)
    {
        var parts = text.Split(':');
        if (parts.Length == 3 && parts.All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            var numbers = parts.Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToList();
            var duration = new TimeSpan(numbers[0], numbers[1], numbers[2]);
            if (duration > TimeSpan.Zero)
                return duration;
        }

        throw new InvalidOperationException($"Checkout__Expiry must be hours:minutes:seconds such as 24:00:00, not '{text}'.");
    }
}
