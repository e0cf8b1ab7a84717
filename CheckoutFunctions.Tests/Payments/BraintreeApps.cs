using CheckoutFunctions.Database;
using CheckoutFunctions.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The gateway as the app registers it, over another network and clock, with a book of its own.</summary>
internal sealed class BraintreeApps(TimeProvider time) : IAsyncDisposable
{
    private static int count;

    private readonly List<ServiceProvider> apps = [];

    private readonly ShopDatabase database = new($"Data Source=braintree-{Interlocked.Increment(ref count)};Mode=Memory;Cache=Shared");

    public ShopDatabase Database => database;

    public async Task<IPaymentGateway> Start(HttpMessageHandler network, string baseUrl, params (string Name, string Value)[] settings)
    {
        await Migrations.Apply(database, "Shop", time);
        var values = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        values["Payments:Provider"] = "Braintree";
        values["Braintree:BaseUrl"] = baseUrl;
        var services = new ServiceCollection().AddSingleton(time).AddSingleton(database).AddPayments(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddHttpClient(BraintreeGateway.ProviderName).ConfigurePrimaryHttpMessageHandler(() => network);
        var app = services.BuildServiceProvider();
        apps.Add(app);
        return app.GetRequiredService<IPaymentGateway>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in apps)
            await app.DisposeAsync();
        database.Dispose();
    }
}
