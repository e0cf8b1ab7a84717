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

    /// <summary>Registers the verifier that <c>Addresses__Providers</c> names.</summary>
    public static IServiceCollection AddAddresses(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var name in configuration.ReadProviders("Addresses", [.. Known.Keys]))
            Known[name](services, configuration);
        return services.AddSingleton<AddressActivities>();
    }

    private static void AddGoogle(IServiceCollection services, IConfiguration configuration)
    {
        services.AddProviderClient(configuration, GoogleAddressVerifier.Provider, GoogleAddressVerifier.DefaultBaseUrl);
        services.AddSingleton<IAddressVerifier, GoogleAddressVerifier>();
    }
}
