using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Shipping;

/// <summary>Quotes carriers' rates. A lane that no carrier serves is an empty list; a fault is a <see cref="ProviderException"/>.</summary>
public interface IRateProvider
{
    string Name { get; }

    Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation);
}

/// <summary>One parcel from the shop to the buyer; <paramref name="WeightGrams"/> includes the packaging.</summary>
public sealed record RateRequest(Address From, Address To, int WeightGrams, string Currency);

/// <summary>Rates cheapest first, and what carriers said that gave none.</summary>
/// <param name="Down">Providers that could not be asked, by the name that their rates have. Left out where there is none.</param>
/// <param name="AsOf">When the oldest of it was said; it may come out of a cache. Null: just now.</param>
/// <param name="Notices">Of the messages those that a buyer may read. Histories from before there were any don't have it.</param>
public sealed record RateQuote(
    IReadOnlyList<ShippingRate> Rates,
    IReadOnlyList<string> Messages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Down = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? AsOf = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Notices = null)
{
    /// <summary>By the shop's own table, because no provider could be asked.</summary>
    [JsonIgnore]
    public bool IsEstimate => Rates.Any(rate => rate.Estimated);

    /// <summary>These rates, and of the earlier ones those whose provider could not be asked: they stand until it can. An estimate takes no rate's place, and only a rate takes an estimate's.</summary>
    public IReadOnlyList<ShippingRate> RatesBeside(IReadOnlyList<ShippingRate> earlier) =>
        Down is null ? Rates
        : IsEstimate ? earlier
        : RateQuotes.Merge([this, new([.. earlier.Where(rate => rate.Estimated ? Rates.Count == 0 : Down.Contains(rate.Provider))], [])]).Rates;
}

/// <summary>
/// One rate. <paramref name="Id"/> is carrier and service (<c>FedEx_Ground</c>): the same in each quote, so that a buyer's choice outlives a new one.
/// <paramref name="Cost"/> in minor units of the request's currency.
/// </summary>
/// <param name="AsOf">When it was quoted.</param>
public sealed record ShippingRate(
    string Id,
    string Carrier,
    string Service,
    long Cost,
    int? DeliveryDays,
    string Provider,
    bool Estimated,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? AsOf = null);
