using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Shipping;

/// <summary>
/// The shop's own rates, for when no provider can be asked: labelled as estimates, and asked for anew before the buyer pays.
/// Settings <c>Shipping__Fallback__0__Carrier</c> and so on, one number a row.
/// </summary>
public sealed record RateTable(IReadOnlyList<TableRate> Rows)
{
    /// <summary>Stands where a provider's name would.</summary>
    public const string Provider = "table";

    /// <summary>Cheapest first; none where no row covers the parcel.</summary>
    public IReadOnlyList<ShippingRate> RatesFor(RateRequest parcel) => RateQuotes.Merge([new([.. Rows.Where(row => row.Covers(parcel)).Select(row => row.Rate)], [])]).Rates;

    /// <summary>Throws a sentence that names the setting at fault.</summary>
    internal static RateTable Read(IConfigurationSection section) => new([.. section.GetChildren().Select(TableRate.Read)]);
}

/// <summary>One row: what a service costs to these countries, up to this weight with its packaging.</summary>
/// <param name="Countries">None: everywhere.</param>
public sealed record TableRate(ShippingRate Rate, IReadOnlyList<string> Countries, int UpToGrams, string Currency)
{
    public bool Covers(RateRequest parcel) =>
        parcel.Currency == Currency && parcel.WeightGrams <= UpToGrams && (Countries.Count == 0 || Countries.Contains(parcel.To.Country));

    internal static TableRate Read(IConfigurationSection row)
    {
        var (carrier, service) = (Required(row, "Carrier"), Required(row, "Service"));
        var id = row["Id"] is { Length: > 0 } set ? set : $"{carrier}_{service}";
        var rate = new ShippingRate(id, carrier, service, Whole(row, "Cost") ?? throw Missing(row, "Cost"), (int?)Whole(row, "DeliveryDays", 365), RateTable.Provider, Estimated: true);
        return new(rate, ReadCountries(row), (int?)Whole(row, "UpToGrams", int.MaxValue) ?? int.MaxValue, ReadCurrency(row));
    }

    private static IReadOnlyList<string> ReadCountries(IConfigurationSection row)
    {
        var text = row["Countries"] ?? "*";
        var countries = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return countries is ["*"] ? []
            : countries.Length > 0 && countries.All(country => country.Length == 2 && country.All(char.IsAsciiLetterUpper)) ? countries
            : throw new InvalidOperationException($"The setting {NameOf(row, "Countries")} must be * or ISO 3166-1 alpha-2 codes such as US,CA.");
    }

    private static string ReadCurrency(IConfigurationSection row) => Required(row, "Currency") is { Length: 3 } currency && currency.All(char.IsAsciiLetterUpper)
        ? currency
        : throw new InvalidOperationException($"The setting {NameOf(row, "Currency")} must be an ISO 4217 code such as USD.");

    private static long? Whole(IConfigurationSection row, string key, long most = 100_000_000) => row[key] is not { Length: > 0 } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole <= most ? whole
        : throw new InvalidOperationException($"The setting {NameOf(row, key)} must be a whole number from 0 to {most}{(key == "Cost" ? ", in minor units" : "")}.");

    private static string Required(IConfigurationSection row, string key) => row[key] is { Length: > 0 } text ? text : throw Missing(row, key);

    private static InvalidOperationException Missing(IConfigurationSection row, string key) =>
        new($"The setting {NameOf(row, key)} is missing: a row of the fallback table needs it.");

    private static string NameOf(IConfigurationSection row, string key) => $"{row.Path.Replace(":", "__", StringComparison.Ordinal)}__{key}";
}
