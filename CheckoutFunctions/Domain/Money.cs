using System.Globalization;

namespace CheckoutFunctions.Domain;

/// <summary>An amount in minor units (cents) of one ISO 4217 currency. Mixing currencies throws.</summary>
public readonly record struct Money(long Amount, string Currency)
{
    public static Money operator +(Money left, Money right) => new(checked(left.Amount + right.OfSame(left.Currency)), left.Currency);

    public static Money operator -(Money left, Money right) => new(checked(left.Amount - right.OfSame(left.Currency)), left.Currency);

    public override string ToString() => $"{Currencies.ToMajor(Amount, Currency).ToString(CultureInfo.InvariantCulture)} {Currency}";

    private long OfSame(string currency) => Currency == currency
        ? Amount
        : throw new InvalidOperationException($"Can't mix {currency} with {Currency}.");
}

/// <summary>How many minor units a currency has, and the way between minor and major units.</summary>
public static class Currencies
{
    private static readonly Dictionary<string, int> Digits = new(StringComparer.Ordinal)
    {
        ["USD"] = 2,
        ["EUR"] = 2,
        ["GBP"] = 2,
        ["CAD"] = 2,
        ["AUD"] = 2,
        ["NZD"] = 2,
        ["CHF"] = 2,
        ["SEK"] = 2,
        ["NOK"] = 2,
        ["DKK"] = 2,
        ["PLN"] = 2,
        ["CZK"] = 2,
        ["MXN"] = 2,
        ["BRL"] = 2,
        ["SGD"] = 2,
        ["HKD"] = 2,
        ["INR"] = 2,
        ["ZAR"] = 2,
        ["JPY"] = 0,
        ["KRW"] = 0,
        ["CLP"] = 0,
        ["KWD"] = 3,
        ["BHD"] = 3,
    };

    public static bool IsKnown(string currency) => Digits.ContainsKey(currency);

    /// <summary>1234 USD → 12.34; 1234 JPY → 1234.</summary>
    public static decimal ToMajor(long minor, string currency) => minor / Scale(currency);

    /// <summary>12.345 USD → 1235: half a minor unit rounds away from zero.</summary>
    public static long ToMinor(decimal major, string currency) =>
        checked((long)Math.Round(major * Scale(currency), MidpointRounding.AwayFromZero));

    /// <summary>As people read it, without the currency: 123456 USD → 1,234.56; 123456 JPY → 123,456.</summary>
    public static string Text(long minor, string currency) => ToMajor(minor, currency).ToString($"N{DigitsOf(currency)}", CultureInfo.InvariantCulture);

    private static decimal Scale(string currency) => DigitsOf(currency) switch { 0 => 1m, 2 => 100m, _ => 1000m };

    private static int DigitsOf(string currency) => Digits.TryGetValue(currency, out var digits)
        ? digits
        : throw new ArgumentException($"Unknown currency '{currency}'.", nameof(currency));
}
