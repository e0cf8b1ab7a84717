using System.Globalization;
using CheckoutFunctions.Domain;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CheckoutFunctions.Providers;

/// <summary>Reads the shop's own settings, <c>Shop__…</c>.</summary>
public static class ShopServices
{
    /// <summary>Registers <see cref="ShopOptions"/> once. Bad settings throw a sentence.</summary>
    public static IServiceCollection AddShop(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(Read(configuration.GetSection("Shop")));
        return services;
    }

    internal static ShopOptions Read(IConfigurationSection section)
    {
        var defaults = new ShopOptions();
        var name = section["Name"] is { Length: > 0 } set ? set : defaults.Name;
        return new()
        {
            Name = name,
            LegalName = Optional(section, "LegalName"),
            TaxId = Optional(section, "TaxId"),
            Email = Optional(section, "Email"),
            ShipFrom = section.GetSection("ShipFrom") is var from && from.Exists() ? ReadAddress(from, name) : defaults.ShipFrom,
            PackagingGrams = section["PackagingGrams"] is not { } grams ? defaults.PackagingGrams
                : int.TryParse(grams, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole
                : throw new InvalidOperationException("The setting Shop__PackagingGrams must be a whole number of grams."),
        };
    }

    /// <summary>All or nothing: a street of one place with the default's state would be no address.</summary>
    private static Address ReadAddress(IConfigurationSection section, string name) => new(
        Optional(section, "Name") ?? name,
        Required(section, "Line1"),
        Optional(section, "Line2"),
        Optional(section, "City"),
        Optional(section, "State"),
        Optional(section, "Zip"),
        Required(section, "Country") is { Length: 2 } country && country.All(char.IsAsciiLetterUpper)
            ? country
            : throw new InvalidOperationException("The setting Shop__ShipFrom__Country must be an ISO 3166-1 alpha-2 code such as US."));

    private static string? Optional(IConfigurationSection section, string key) => section[key] is { Length: > 0 } value ? value : null;

    private static string Required(IConfigurationSection section, string key) => Optional(section, key)
        ?? throw new InvalidOperationException($"The setting Shop__ShipFrom__{key} is missing: an address to ship from needs it.");
}
