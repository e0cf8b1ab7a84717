using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Providers;

/// <summary>How long a capability's answers are kept: <c>{capability}__CacheMinutes</c>.</summary>
internal static class CacheSettings
{
    /// <summary><c>Checkout__QuoteMinutes</c> where nobody set it.</summary>
    public const int QuoteMinutes = 30;

    private const int Longest = 24 * 60;

    /// <summary>Throws a sentence that names the setting at fault.</summary>
    public static TimeSpan ReadCacheTime(this IConfiguration configuration, string capability, int otherwise) =>
        TimeSpan.FromMinutes(configuration[$"{capability}:CacheMinutes"] switch
        {
            null or "" => otherwise,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes <= Longest => minutes,
            _ => throw new InvalidOperationException($"The setting {capability}__CacheMinutes must be a whole number of minutes from 0 (no cache) to {Longest}."),
        });

    /// <summary>The same for what is charged. A checkout asks again once its quote is old: a cache that lived longer would tell it the old one.</summary>
    public static TimeSpan ReadQuoteCacheTime(this IConfiguration configuration, string capability, int otherwise)
    {
        var set = configuration.ReadCacheTime(capability, otherwise);
        var quote = int.TryParse(configuration["Checkout:QuoteMinutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : QuoteMinutes;
        return set.TotalMinutes < quote ? set : TimeSpan.FromMinutes(quote);
    }
}
