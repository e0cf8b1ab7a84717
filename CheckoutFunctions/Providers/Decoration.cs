using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Providers;

internal static class Decoration
{
    /// <summary>Puts something around each implementation of a port that is registered by now.</summary>
    public static IServiceCollection Decorate<TPort>(this IServiceCollection services, Func<TPort, IServiceProvider, TPort> around)
        where TPort : class
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: false } inner && inner.ServiceType == typeof(TPort))
                services[i] = ServiceDescriptor.Singleton(provider => around(Create(inner, provider), provider));
        }

        return services;

        static TPort Create(ServiceDescriptor inner, IServiceProvider provider) => (TPort)(inner.ImplementationInstance
            ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!));
    }
}
