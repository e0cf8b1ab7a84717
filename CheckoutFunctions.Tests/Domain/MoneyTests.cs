using CheckoutFunctions.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace CheckoutFunctions.Tests.Domain;

public sealed class MoneyTests
{
    private static readonly string[] Known = ["USD", "EUR", "GBP", "JPY", "KRW", "KWD", "BHD"];

    [Fact]
    public void Minor_to_major_and_back_is_the_same_amount() => Prop.ForAll<long, int>(
        (minor, pick) => Currencies.ToMinor(Currencies.ToMajor(minor, CurrencyOf(pick)), CurrencyOf(pick)) == minor).QuickCheckThrowOnFailure();

    [Fact]
    public void Adding_and_taking_away_is_the_same_amount() => Prop.ForAll<int, int, int>((left, right, pick) =>
    {
        var (a, b) = (new Money(left, CurrencyOf(pick)), new Money(right, CurrencyOf(pick)));
        return a + b - b == a && a + b == b + a;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("USD", 1234, "12.34")]
    [InlineData("JPY", 1234, "1234")]
    [InlineData("KWD", 1234, "1.234")]
    [InlineData("EUR", -5, "-0.05")]
    public void Each_currency_has_its_digits(string currency, long minor, string major) =>
        Assert.Equal(decimal.Parse(major, System.Globalization.CultureInfo.InvariantCulture), Currencies.ToMajor(minor, currency));

    [Theory]
    [InlineData("12.345", 1235)]
    [InlineData("12.344", 1234)]
    [InlineData("-12.345", -1235)]
    [InlineData("0.005", 1)]
    public void Half_a_cent_rounds_away_from_zero(string major, long minor) =>
        Assert.Equal(minor, Currencies.ToMinor(decimal.Parse(major, System.Globalization.CultureInfo.InvariantCulture), "USD"));

    [Fact]
    public void Mixing_currencies_throws()
    {
        var (dollars, euros) = (new Money(100, "USD"), new Money(100, "EUR"));

        Assert.Throws<InvalidOperationException>(() => dollars + euros);
        Assert.Throws<InvalidOperationException>(() => dollars - euros);
        Assert.NotEqual(dollars, euros);
    }

    [Fact]
    public void An_amount_that_is_too_large_throws_rather_than_wraps()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, "USD") + new Money(1, "USD"));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue, "USD") - new Money(1, "USD"));
        Assert.Throws<OverflowException>(() => Currencies.ToMinor(decimal.MaxValue / 10_000, "USD"));
        Assert.Throws<OverflowException>(() => new LineItem("TEA-100", "Tea", 3, long.MaxValue / 2, null, 1).LineTotal);
    }

    [Theory]
    [InlineData("usd")]
    [InlineData("XXX")]
    [InlineData("")]
    public void An_unknown_currency_is_refused(string currency)
    {
        Assert.False(Currencies.IsKnown(currency));
        Assert.Throws<ArgumentException>(() => Currencies.ToMajor(1, currency));
        Assert.Throws<ArgumentException>(() => Currencies.ToMinor(1, currency));
    }

    [Fact]
    public void It_reads_as_people_write_it() => Assert.Equal(("12.5 USD", "1234 JPY"), (new Money(1250, "USD").ToString(), new Money(1234, "JPY").ToString()));

    private static string CurrencyOf(int pick) => Known[(int)((uint)pick % Known.Length)];

    [Theory]
    [InlineData(123456, "USD", "1,234.56")]
    [InlineData(5, "EUR", "0.05")]
    [InlineData(-250, "USD", "-2.50")]
    [InlineData(123456, "JPY", "123,456")]
    [InlineData(1234567, "KWD", "1,234.567")]
    public void People_read_an_amount_with_its_currencys_decimals(long minor, string currency, string text) => Assert.Equal(text, Currencies.Text(minor, currency));
}
