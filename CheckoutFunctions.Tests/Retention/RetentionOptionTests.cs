using CheckoutFunctions.Retention;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Tests.Retention;

public sealed class RetentionOptionTests
{
    [Theory]
    [InlineData(null, 30)]
    [InlineData("", 30)]
    [InlineData("10", 10)]
    [InlineData("400", 400)]
    [InlineData("0", null)]
    public void Days_are_set_or_a_month_or_for_ever(string? text, int? days) =>
        Assert.Equal(days is { } known ? TimeSpan.FromDays(known) : null, Read(text).Checkouts);

    [Theory]
    [InlineData("9")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1.5")]
    [InlineData("99999")]
    public void What_reconciliation_still_looks_at_cannot_be_forgotten(string text) => Assert.Equal(
        "The setting Retention__CheckoutDays must be a number of days, at least 10, or 0 to keep for ever.",
        Assert.Throws<InvalidOperationException>(() => Read(text)).Message);

    private static RetentionOptions Read(string? days) => RetentionOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("Retention:CheckoutDays", days)]).Build().GetSection("Retention"));
}
