using System.Globalization;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Taxes;

public static class TaxServices
{
    private delegate ProviderOptions AddProvider(IServiceCollection services, IConfiguration configuration, IReadOnlyDictionary<string, TimeSpan> timeouts);

    private static readonly Dictionary<string, AddProvider> Known = new(StringComparer.Ordinal)
    {
        [TaxJarTaxes.Provider] = AddTaxJar,
        [AvalaraTaxes.Provider] = AddAvalara,
    };

    private const int CacheMinutes = 10;

    /// <summary>
    /// Registers the tax providers that <c>Taxes__Providers</c> names, in its order: the rungs of the <see cref="TaxLadder"/>, each behind its cache
    /// (<c>Taxes__CacheMinutes</c>).
    /// </summary>
    public static IServiceCollection AddTaxes(this IServiceCollection services, IConfiguration configuration)
    {
        var options = TaxOptions.Read(configuration);
        var names = configuration.ReadProviders("Taxes", [.. Known.Keys]);
        var timeouts = new Dictionary<string, TimeSpan> { [ProviderOperations.Quote] = options.Budget / names.Count };
        CheckBudget([.. names.Select(name => Known[name](services, configuration, timeouts))], options);
        var life = configuration.ReadQuoteCacheTime("Taxes", CacheMinutes);
        services.Decorate<ITaxProvider>((taxes, provider) => new CachedTaxes(taxes, life, provider.GetRequiredService<TimeProvider>()));
        return services.AddShop(configuration)
            .AddSingleton(options)
            .AddSingleton<LastKnownRates>()
            .AddSingleton<TaxLadder>()
            .AddSingleton<EstimatedTaxes>()
            .AddSingleton<TaxActivities>();
    }

    private static ProviderOptions AddTaxJar(IServiceCollection services, IConfiguration configuration, IReadOnlyDictionary<string, TimeSpan> timeouts)
    {
        services.AddSingleton<ITaxProvider, TaxJarTaxes>();
        return services.AddProviderClient(configuration, TaxJarTaxes.Provider, TaxJarTaxes.DefaultBaseUrl, timeouts: timeouts);
    }

    private static ProviderOptions AddAvalara(IServiceCollection services, IConfiguration configuration, IReadOnlyDictionary<string, TimeSpan> timeouts)
    {
        var options = services.AddProviderClient(configuration, AvalaraTaxes.Provider, AvalaraTaxes.DefaultBaseUrl, keySetting: "LicenseKey", timeouts: timeouts);
        services.AddSingleton(AvalaraOptions.Read(configuration.GetSection(AvalaraTaxes.Provider), options.BaseUrl));
        services.AddSingleton<ITaxProvider, AvalaraTaxes>();
        return options;
    }

    /// <summary>A buyer waits for all of them when all are down. Who has one provider decides by its time-out alone.</summary>
    private static void CheckBudget(IReadOnlyList<ProviderOptions> providers, TaxOptions options)
    {
        var timeouts = providers.Select(provider => (provider.Name, Timeout: provider.TimeoutOf(ProviderOperations.Quote))).ToList();
        if (providers.Count == 1 || timeouts.Sum(provider => provider.Timeout.Ticks) <= options.Budget.Ticks)
            return;

        var sum = string.Join(" + ", timeouts.Select(provider => string.Create(CultureInfo.InvariantCulture, $"{provider.Name} {provider.Timeout.TotalSeconds}")));
        throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"The setting Taxes__BudgetSeconds is {options.Budget.TotalSeconds}, but a quote may take {sum} seconds: lower {timeouts[0].Name}__TimeoutSeconds__quote, or raise the budget."));
    }
}
