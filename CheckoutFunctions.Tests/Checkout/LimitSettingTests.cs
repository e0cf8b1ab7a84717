using CheckoutFunctions.Checkout;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>The settings <c>Checkout__…</c>, read once at start.</summary>
public sealed class LimitSettingTests
{
    [Fact]
    public void They_have_defaults() => Assert.Equal(
        new CheckoutLimits { Expiry = TimeSpan.FromHours(24), HoldMinutes = 15, ActionMinutes = 15, QuoteMinutes = 30, QuoteTolerancePercent = 1, RequoteMilliseconds = 2000 }, Read());

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.25", 0.25)]
    [InlineData("100", 100)]
    public void A_tolerance_may_have_decimals(string text, double percent) =>
        Assert.Equal((decimal)percent, Read(("QuoteTolerancePercent", text)).QuoteTolerancePercent);

    [Theory]
    [InlineData("QuoteTolerancePercent", "-1")]
    [InlineData("QuoteTolerancePercent", "100.1")]
    [InlineData("QuoteTolerancePercent", "1,5")]
    [InlineData("QuoteTolerancePercent", "1 %")]
    [InlineData("QuoteTolerancePercent", "a little")]
    [InlineData("RequoteSeconds", "0")]
    [InlineData("RequoteSeconds", "61")]
    [InlineData("RequoteSeconds", "soon")]
    [InlineData("HoldMinutes", "0")]
    [InlineData("HoldMinutes", "1.5")]
    [InlineData("Expiry", "1.00:00:00")]
    [InlineData("Expiry", "00:00:00")]
    public void One_that_makes_no_sense_is_refused_by_its_name(string name, string text)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Read((name, text)));
        Assert.StartsWith($"Checkout__{name} must be ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith($"not '{text}'.", refusal.Message, StringComparison.Ordinal);
    }

    private static CheckoutLimits Read(params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddCheckout(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Checkout:{setting.Name}", (string?)setting.Value))).Build())
        .Select(service => service.ImplementationInstance).OfType<CheckoutLimits>().Single();
}
