using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Shipping;

public static class ShippingServices
{
    private static readonly Dictionary<string, Action<IServiceCollection, IConfiguration>> Known = new(StringComparer.Ordinal)
    {
        [EasyPostRates.Provider] = AddEasyPost,
    };

    private const int CacheMinutes = 10;

    /// <summary>Registers the rate providers that <c>Shipping__Providers</c> names, each behind its cache (<c>Shipping__CacheMinutes</c>).</summary>
    public static IServiceCollection AddShipping(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var name in configuration.ReadProviders("Shipping", [.. Known.Keys]))
            Known[name](services, configuration);
        var life = configuration.ReadQuoteCacheTime("Shipping", CacheMinutes);
        services.Decorate<IRateProvider>((rates, provider) => new CachedRates(rates, life, provider.GetRequiredService<TimeProvider>()));
        return services.AddShop(configuration).AddSingleton<ShippingActivities>();
    }

    private static void AddEasyPost(IServiceCollection services, IConfiguration configuration)
    {
        services.AddProviderClient(configuration, EasyPostRates.Provider, EasyPostRates.DefaultBaseUrl);
        services.AddSingleton<IRateProvider, EasyPostRates>();
    }
}
