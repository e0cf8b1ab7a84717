using System.Globalization;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Shipping;

/// <summary>Reads EasyPost's rates into ours.</summary>
internal static class EasyPostQuote
{
    public static RateQuote Of(ProviderResponse response, string currency)
    {
        var answer = response.Read<EasyPostAnswer>(ProviderJson.SnakeCase);
        var rates = answer.Rates.Where(rate => rate.Currency == currency).Select(rate => Rate(rate, response.Minor(rate.Rate, currency)));
        var messages = (answer.Messages ?? []).Where(message => message.Message is not null)
            .Select(message => message.Carrier is { } carrier ? $"{Carrier(carrier)}: {message.Message}" : message.Message!);
        return RateQuotes.Merge([new([.. rates], [.. messages])]);
    }

    private static ShippingRate Rate(EasyPostRate rate, long cost)
    {
        var carrier = Carrier(rate.Carrier);
        var service = Service(rate.Service, carrier);
        return new($"{carrier}_{service}", carrier, service, cost, rate.DeliveryDays ?? rate.EstDeliveryDays, EasyPostRates.Provider.ToLowerInvariant(), Estimated: false);
    }

    /// <summary>EasyPost's own accounts at a carrier go by names that buyers don't know.</summary>
    private static string Carrier(string carrier) => carrier switch
    {
        "FedExDefault" => "FedEx",
        "UPSDAP" => "UPS",
        _ => carrier,
    };

    /// <summary>FEDEX_2_DAY → 2Day, STANDARD_OVERNIGHT → StandardOvernight; what is in PascalCase already (GroundAdvantage) stays.</summary>
    private static string Service(string service, string carrier)
    {
        var words = service.Split(['_', ' ', '-'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 1 && words[0].Equals(carrier, StringComparison.OrdinalIgnoreCase))
            words = words[1..];
        return string.Concat(words.Select(Pascal));
    }

    private static string Pascal(string word) => word is "AM" or "PM" || word.Any(char.IsLower)
        ? char.ToUpperInvariant(word[0]) + word[1..]
        : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(word.ToLowerInvariant());
}
