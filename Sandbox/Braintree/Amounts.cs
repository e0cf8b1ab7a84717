using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandbox.Braintree;

/// <summary>Decimal strings in a merchant account's currency. Account ids end with it (<c>sandbox_EUR</c>); the default account takes US dollars.</summary>
internal static partial class Amounts
{
    private const long Largest = 99_999_999_999;

    private static readonly Dictionary<string, int> Digits = new (int Digits, string Currencies)[]
    {
        (0, "CLP JPY KRW"),
        (2, "AUD BRL CAD CHF CZK DKK EUR GBP HKD INR MXN NOK NZD PLN SEK SGD USD ZAR"),
        (3, "BHD KWD"),
    }.SelectMany(group => group.Currencies.Split(' '), (group, currency) => (currency, group.Digits)).ToDictionary(one => one.currency, one => one.Digits, StringComparer.Ordinal);

    public static string CurrencyOf(string? account) => account is null ? "USD"
        : account.Length > 3 && Digits.ContainsKey(account[^3..]) ? account[^3..]
        : throw BraintreeRefusal.Invalid("91513", "Merchant account ID is invalid.", "input.transaction.merchantAccountId");

    public static long Read(JsonNode value, string currency, string input)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString();
        if (!Format().IsMatch(text) || (text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0) > Digits[currency])
            throw BraintreeRefusal.Invalid("81503", "Amount is an invalid format.", input);
        var minor = decimal.Parse(text, CultureInfo.InvariantCulture) * Scale(currency);
        return minor switch
        {
            0 => throw BraintreeRefusal.Invalid("81531", "Amount must be greater than zero.", input),
            > Largest => throw BraintreeRefusal.Invalid("81528", "Amount is too large.", input),
            _ => (long)minor,
        };
    }

    public static string Show(long minor, string currency) => (minor / Scale(currency)).ToString($"F{Digits[currency]}", CultureInfo.InvariantCulture);

    private static decimal Scale(string currency) => Digits[currency] switch { 0 => 1m, 2 => 100m, _ => 1000m };

    [GeneratedRegex(@"^\d{1,12}(?:\.\d{1,3})?$")]
    private static partial Regex Format();
}
