using CheckoutFunctions.Checkout;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Tests.Providers;

/// <summary><c>Addresses__CacheMinutes</c>, <c>Shipping__CacheMinutes</c>, <c>Taxes__CacheMinutes</c>.</summary>
public sealed class CacheSettingsTests
{
    [Theory]
    [InlineData(null, 60)]
    [InlineData("0", 0)]
    [InlineData("5", 5)]
    public void Minutes_are_as_set(string? set, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Read(("Addresses:CacheMinutes", set)).ReadCacheTime("Addresses", 60));

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1441")]
    [InlineData("an hour")]
    public void A_bad_one_stops_the_start_with_its_name(string set)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Read(("Taxes:CacheMinutes", set)).ReadQuoteCacheTime("Taxes", 10));
        Assert.Contains("Taxes__CacheMinutes must be", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "60", 30)]
    [InlineData("5", null, 5)]
    [InlineData("45", "40", 40)]
    public void What_is_charged_is_never_kept_for_longer_than_a_quote_holds(string? quote, string? cache, int minutes) => Assert.Equal(
        TimeSpan.FromMinutes(minutes), Read(("Checkout:QuoteMinutes", quote), ("Shipping:CacheMinutes", cache)).ReadQuoteCacheTime("Shipping", 10));

    [Fact]
    public void How_long_a_quote_holds_unset_is_what_the_checkout_says() => Assert.Equal(CacheSettings.QuoteMinutes, new CheckoutLimits().QuoteMinutes);

    private static IConfiguration Read(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Build();
}
