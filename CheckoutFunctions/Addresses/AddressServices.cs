using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Addresses;

public static class AddressServices
{
    private static readonly Dictionary<string, Action<IServiceCollection, IConfiguration>> Known = new(StringComparer.Ordinal)
    {
        [GoogleAddressVerifier.Provider] = AddGoogle,
    };

    private const int CacheMinutes = 60;

    /// <summary>Registers the verifier that <c>Addresses__Providers</c> names, behind its cache (<c>Addresses__CacheMinutes</c>).</summary>
    public static IServiceCollection AddAddresses(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var name in configuration.ReadProviders("Addresses", [.. Known.Keys]))
            Known[name](services, configuration);
        var life = configuration.ReadCacheTime("Addresses", CacheMinutes);
        services.Decorate<IAddressVerifier>((verifier, provider) => new CachedAddresses(verifier, life, provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton<AddressActivities>();
    }

    private static void AddGoogle(IServiceCollection services, IConfiguration configuration)
    {
        services.AddProviderClient(configuration, GoogleAddressVerifier.Provider, GoogleAddressVerifier.DefaultBaseUrl);
        services.AddSingleton<IAddressVerifier, GoogleAddressVerifier>();
    }
}
