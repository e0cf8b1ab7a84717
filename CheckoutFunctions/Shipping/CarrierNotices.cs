using System.Text.RegularExpressions;

namespace CheckoutFunctions.Shipping;

/// <summary>What of the carriers' messages a buyer may read: why a carrier gave no rate, as "UPS: Lane not served".</summary>
internal static partial class CarrierNotices
{
    private const int MaxLength = 160;
    private const string Colon = ": ";

    public static string OtherCurrency(string carrier, string quoted, string wanted) => $"{carrier}: quotes in {quoted}, not in {wanted}.";

    /// <summary>A warning beside a rate is no failure, and how the shop's accounts are set up is nobody's business.</summary>
    public static IReadOnlyList<string> Of(RateQuote quote) =>
        [.. quote.Messages.Where(message => message.Length <= MaxLength && !Internal().IsMatch(message) && IsOfNoRate(message, quote.Rates)).Distinct()];

    private static bool IsOfNoRate(string message, IReadOnlyList<ShippingRate> rates) =>
        rates.Count == 0 || (message.Contains(Colon, StringComparison.Ordinal) && rates.All(rate => !message.StartsWith(rate.Carrier + Colon, StringComparison.Ordinal)));

    /// <summary>Markup and lists, names of fields, e-mail and web addresses, long numbers, and words that only the shop's own contract with the provider needs.</summary>
    [GeneratedRegex(
        @"[@<>{}\[\]_`]|https?:|[a-z]\.[a-z]|\d{5,}|\b(?i:accounts?|credentials?|licen[cs]es?|shippo|easypost|apis?|keys?|tokens?|merchants?|shippers?|users?|passwords?|contracts?|authori[sz]ed|authentication|required|support)\b")]
    private static partial Regex Internal();
}
