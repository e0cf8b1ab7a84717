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
            .Select(message => message.Carrier is { } carrier ? $"{CarrierNames.Carrier(carrier)}: {message.Message}" : message.Message!);
        var dropped = answer.Rates.Where(rate => rate.Currency != currency)
            .Select(rate => CarrierNotices.OtherCurrency(CarrierNames.Carrier(rate.Carrier), rate.Currency, currency));
        return RateQuotes.Merge([new([.. rates], [.. messages, .. dropped])]);
    }

    private static ShippingRate Rate(EasyPostRate rate, long cost)
    {
        var carrier = CarrierNames.Carrier(rate.Carrier);
        var service = CarrierNames.Service(carrier, rate.Service);
        return new($"{carrier}_{service}", carrier, service, cost, rate.DeliveryDays ?? rate.EstDeliveryDays, EasyPostRates.Provider.ToLowerInvariant(), Estimated: false);
    }
}
