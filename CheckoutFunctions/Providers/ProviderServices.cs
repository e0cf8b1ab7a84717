using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CheckoutFunctions.Providers;

/// <summary>Registers what provider clients share.</summary>
public static class ProviderServices
{
    /// <summary>
    /// Registers, by the provider's name, its <see cref="ProviderOptions"/>, its <see cref="ProviderHttp"/> (both keyed) and an <c>HttpClient</c>
    /// for an SDK of its own; there <paramref name="operationOf"/> tells the operation from a request. Bad settings throw a sentence.
    /// </summary>
    public static ProviderOptions AddProviderClient(
        this IServiceCollection services,
        IConfiguration configuration,
        string name,
        string defaultBaseUrl,
        Func<HttpRequestMessage, string>? operationOf = null,
        string keySetting = "ApiKey",
        IReadOnlyDictionary<string, TimeSpan>? timeouts = null)
    {
        var options = ProviderOptions.Read(configuration, name, defaultBaseUrl, keySetting, timeouts);
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(name, options);
        services.AddKeyedSingleton(name, (provider, _) => new ProviderPipeline(options, provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton(name, (provider, _) => new ProviderHttp(provider.GetRequiredService<IHttpClientFactory>(), options));
        services.AddHttpClient(name, client => client.Timeout = Timeout.InfiniteTimeSpan) // the handler's own counts
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // connections are renewed below, for clients that an SDK keeps
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .AddHttpMessageHandler(provider => new ProviderHandler(options, provider.GetRequiredKeyedService<ProviderPipeline>(name), operationOf ?? (_ => "call")));
        return options;
    }

    /// <summary>The providers that a setting lists (<c>Shipping__Providers=EasyPost</c>), in its order; unset, the first of the known.</summary>
    public static IReadOnlyList<string> ReadProviders(this IConfiguration configuration, string capability, IReadOnlyList<string> known)
    {
        var text = configuration[$"{capability}:Providers"];
        var names = text is null ? [known[0]] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
            throw new InvalidOperationException($"The setting {capability}__Providers names no provider; known: {string.Join(", ", known)}.");
        if (names.Length != names.Distinct(StringComparer.Ordinal).Count())
            throw new InvalidOperationException($"The setting {capability}__Providers names a provider twice.");
        return names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new InvalidOperationException($"The setting {capability}__Providers names the unknown provider '{unknown}'; known: {string.Join(", ", known)}.")
            : names;
    }
}
