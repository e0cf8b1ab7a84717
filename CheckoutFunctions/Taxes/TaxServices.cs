using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Taxes;

public static class TaxServices
{
    private static readonly Dictionary<string, Action<IServiceCollection, IConfiguration>> Known = new(StringComparer.Ordinal)
    {
        [TaxJarTaxes.Provider] = AddTaxJar,
    };

    /// <summary>Registers the tax providers that <c>Taxes__Providers</c> names, in its order.</summary>
    public static IServiceCollection AddTaxes(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var name in configuration.ReadProviders("Taxes", [.. Known.Keys]))
            Known[name](services, configuration);
        return services.AddShop(configuration).AddSingleton<TaxActivities>();
    }

    private static void AddTaxJar(IServiceCollection services, IConfiguration configuration)
    {
        services.AddProviderClient(configuration, TaxJarTaxes.Provider, TaxJarTaxes.DefaultBaseUrl);
        services.AddSingleton<ITaxProvider, TaxJarTaxes>();
    }
}
