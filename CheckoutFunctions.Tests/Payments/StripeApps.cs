using CheckoutFunctions.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The gateway as the app registers it, over another network and clock.</summary>
internal sealed class StripeApps(TimeProvider time) : IAsyncDisposable
{
    private readonly List<ServiceProvider> apps = [];

    public IPaymentGateway Start(HttpMessageHandler network, string baseUrl, string? apiKey)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Payments:Provider"] = "Stripe",
            ["Stripe:BaseUrl"] = baseUrl,
            ["Stripe:ApiKey"] = apiKey,
        }).Build();
        var services = new ServiceCollection().AddSingleton(time).AddPayments(configuration);
        services.AddHttpClient(StripeGateway.ProviderName).ConfigurePrimaryHttpMessageHandler(() => network);
        var app = services.BuildServiceProvider();
        apps.Add(app);
        return app.GetRequiredService<IPaymentGateway>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in apps)
            await app.DisposeAsync();
    }
}
