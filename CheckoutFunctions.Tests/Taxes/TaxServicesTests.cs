using System.Net;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Taxes;

/// <summary>Both providers as configuration makes them, each with its own time-out and circuit.</summary>
public sealed class TaxServicesTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new();
    private readonly FakeProvider taxJar = new();
    private readonly FakeProvider avalara = new();
    private TestShop shop = null!;

    public async Task InitializeAsync() => shop = await TestShop.InMemory();

    public Task DisposeAsync()
    {
        shop.Dispose();
        taxJar.Dispose();
        avalara.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Two_providers_that_hang_take_the_buyers_two_seconds_together()
    {
        await using var services = Build();
        taxJar.Hangs();
        avalara.Hangs();
        var quote = Quote(services);
        await taxJar.Hanging.Task;
        time.Advance(TimeSpan.FromSeconds(1));
        await avalara.Hanging.Task;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("TaxJar", (await Assert.ThrowsAsync<ProviderException>(() => quote)).Provider);
    }

    [Fact]
    public async Task A_provider_that_stays_down_is_not_waited_for_any_more_until_its_circuit_lets_a_probe_through()
    {
        await using var services = Build();
        taxJar.Fails();
        avalara.Answers(HttpStatusCode.Created, """{ "totalTax": 1.00 }""");
        for (var call = 0; call < 30; call++)
            Assert.Equal("avalara", (await Quote(services)).Source);
        Assert.InRange(taxJar.Requests.Count, 1, 15);

        time.Advance(TimeSpan.FromSeconds(11));
        taxJar.Answers(HttpStatusCode.OK, """{ "tax": { "amount_to_collect": 1.00 } }""");
        Assert.Equal("taxjar", (await Quote(services)).Source);
    }

    [Theory]
    [InlineData("Taxes__BudgetSeconds must be", "Taxes:BudgetSeconds", "0")]
    [InlineData("Taxes__LastKnownRateDays must be", "Taxes:LastKnownRateDays", "400")]
    [InlineData("a quote may take TaxJar 5 + Avalara 1 seconds: lower TaxJar__TimeoutSeconds__quote", "TaxJar:TimeoutSeconds", "5")]
    [InlineData("Avalara__TaxCodes__81100 must be", "Avalara:TaxCodes:81100", "")]
    [InlineData("Avalara__AccountId holds", "Avalara:AccountId", "a:b")]
    [InlineData("Avalara__CompanyCode is longer", "Avalara:CompanyCode", "123456789012345678901234567890123456789012345678901")]
    [InlineData("Avalara__AccountId is missing", "Avalara:AccountId", null)]
    [InlineData("Avalara__CompanyCode is missing", "Avalara:CompanyCode", null)]
    [InlineData("Avalara__LicenseKey is missing", "Avalara:LicenseKey", null)]
    [InlineData("Taxes__Providers names the unknown provider 'Vertex'; known: TaxJar, Avalara", "Taxes:Providers", "Vertex")]
    public void A_bad_setting_stops_the_start_with_its_name(string sentence, string setting, string? value)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Build((setting, value)).Dispose());
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void On_this_machine_AvaTax_needs_no_account_and_a_larger_budget_lets_more_time()
    {
        using var services = Build(
            ("Avalara:BaseUrl", "http://127.0.0.1:7072/avalara"), ("Avalara:AccountId", null), ("Avalara:LicenseKey", null), ("Avalara:CompanyCode", null),
            ("Taxes:BudgetSeconds", "8"), ("TaxJar:TimeoutSeconds:quote", "4"));
        Assert.Equal(["TaxJar", "Avalara"], services.GetServices<ITaxProvider>().Select(provider => provider.Name));
    }

    private static Task<TaxQuote> Quote(ServiceProvider services) =>
        services.GetRequiredService<TaxActivities>().CalculateTax(new("USD", TaxShop.To, 0, TaxShop.Tea), CancellationToken.None);

    private ServiceProvider Build(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Taxes:Providers"] = "TaxJar,Avalara",
            ["TaxJar:ApiKey"] = "key",
            ["Avalara:AccountId"] = "account",
            ["Avalara:LicenseKey"] = "license",
            ["Avalara:CompanyCode"] = "TEA",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddLogging().AddSingleton(shop.Database).AddTaxes(configuration);
        services.AddHttpClient("TaxJar").ConfigurePrimaryHttpMessageHandler(() => taxJar);
        services.AddHttpClient("Avalara").ConfigurePrimaryHttpMessageHandler(() => avalara);
        return services.BuildServiceProvider();
    }
}
