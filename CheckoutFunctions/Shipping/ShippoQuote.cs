using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Shipping;

/// <summary>Reads Shippo's shipment, once its rates are there, into ours; and its refusal of an address.</summary>
internal static class ShippoQuote
{
    public static RateQuote Of(ProviderResponse response, ShippoShipment shipment, string currency)
    {
        if (shipment.Status != "SUCCESS")
            throw shipment.Status == "ERROR" ? new ProviderException(ShippoRates.Provider, ProviderOperations.Rates, "answered that rating failed (status ERROR).") : response.Malformed("$.status");

        var rates = shipment.Rates.Where(rate => IsIn(rate, currency)).Select(rate => Rate(rate, response, currency));
        var messages = (shipment.Messages ?? []).Where(message => message.Text is { Length: > 0 })
            .Select(message => message.Source is { Length: > 0 } carrier ? $"{CarrierNames.Carrier(carrier)}: {message.Text}" : message.Text!);
        var dropped = shipment.Rates.Where(rate => !IsIn(rate, currency))
            .Select(rate => CarrierNotices.OtherCurrency(CarrierNames.Carrier(rate.Provider), rate.Currency ?? "no currency", currency));
        return RateQuotes.Merge([new([.. rates], [.. messages, .. dropped])]);
    }

    /// <summary>Why the receiver's address is no address; null where anything else is refused too, which is our mistake. Errors come as field → messages, nested as fields are.</summary>
    public static string? RefusalOfAddress(ProviderResponse response) =>
        response.ReadError<Dictionary<string, JsonElement>>(ProviderJson.SnakeCase) is { Count: 1 } fields && fields.TryGetValue("address_to", out var refused)
        && string.Join(' ', Sentences(refused, null)) is { Length: > 0 } reason
            ? reason
            : null;

    private static IEnumerable<string> Sentences(JsonElement value, string? field) => value.ValueKind switch
    {
        JsonValueKind.String => [field is null ? value.GetString()! : $"{value.GetString()} ({field})"],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Sentences(item, field)),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Sentences(property.Value, property.Name)),
        _ => [],
    };

    private static bool IsIn(ShippoRate rate, string currency) => rate.Currency == currency || rate.CurrencyLocal == currency;

    private static ShippingRate Rate(ShippoRate rate, ProviderResponse response, string currency)
    {
        var carrier = CarrierNames.Carrier(rate.Provider);
        var service = CarrierNames.Service(carrier, rate.Servicelevel.Token ?? rate.Servicelevel.Name ?? throw response.Malformed("$.rates[].servicelevel"));
        var amount = (rate.Currency == currency ? rate.Amount : rate.AmountLocal) ?? throw response.Malformed("$.rates[].amount");
        return new(
            $"{carrier}_{service}", carrier, service, response.Minor(amount, currency), rate.EstimatedDays ?? rate.Days, ShippoRates.Provider.ToLowerInvariant(), Estimated: false);
    }
}
