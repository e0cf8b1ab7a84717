using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Shipping;

public static class ShippingServices
{
    private delegate void AddProvider(IServiceCollection services, IConfiguration configuration, IReadOnlyDictionary<string, TimeSpan> timeouts);

    private static readonly Dictionary<string, AddProvider> Known = new(StringComparer.Ordinal)
    {
        [EasyPostRates.Provider] = AddEasyPost,
        [ShippoRates.Provider] = AddShippo,
    };

    private const int CacheMinutes = 10;

    /// <summary>Registers the rate providers that <c>Shipping__Providers</c> names, each behind its cache (<c>Shipping__CacheMinutes</c>), and how long they are waited for.</summary>
    public static IServiceCollection AddShipping(this IServiceCollection services, IConfiguration configuration)
    {
        var options = ShippingOptions.Read(configuration);
        var timeouts = new Dictionary<string, TimeSpan> { [ProviderOperations.Rates] = options.CallTimeout };
        foreach (var name in configuration.ReadProviders("Shipping", [.. Known.Keys]))
            Known[name](services, configuration, timeouts);
        var life = configuration.ReadQuoteCacheTime("Shipping", CacheMinutes);
        services.Decorate<IRateProvider>((rates, provider) => new CachedRates(rates, life, provider.GetRequiredService<TimeProvider>()));
        return services.AddShop(configuration).AddSingleton(options).AddSingleton<HedgedRates>().AddSingleton<ShippingActivities>();
    }

    private static void AddEasyPost(IServiceCollection services, IConfiguration configuration, IReadOnlyDictionary<string, TimeSpan> timeouts)
    {
        services.AddProviderClient(configuration, EasyPostRates.Provider, EasyPostRates.DefaultBaseUrl, timeouts: timeouts);
        services.AddSingleton<IRateProvider, EasyPostRates>();
    }

    private static void AddShippo(IServiceCollection services, IConfiguration configuration, IReadOnlyDictionary<string, TimeSpan> timeouts)
    {
        services.AddProviderClient(configuration, ShippoRates.Provider, ShippoRates.DefaultBaseUrl, timeouts: timeouts);
        services.AddSingleton<IRateProvider, ShippoRates>();
    }
}
