using System.Net;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Tests.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Simulation;

namespace CheckoutFunctions.Tests.Shipping;

/// <summary>A shipment that is still being rated when Shippo answers.</summary>
public sealed class ShippoWaitingTests : IDisposable
{
    private const string Rated = """
        { "object_id": "e6f4", "status": "SUCCESS", "rates": [ { "provider": "USPS", "servicelevel": { "token": "usps_priority" }, "amount": "12.44", "currency": "USD" } ],
          "messages": [ { "source": "UPS", "text": "Lane not served" } ] }
        """;

    private readonly FakeProvider fake = new();
    private readonly ManualTimeProvider time = new();
    private readonly ServiceProvider services;

    public ShippoWaitingTests()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Shipping:Providers"] = "Shippo",
            ["Shippo:BaseUrl"] = "https://provider.test/base",
            ["Shippo:ApiKey"] = "shippo_test_1",
            ["Shippo:TimeoutSeconds:rates"] = "60",
        }).Build();
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(time).AddLogging().AddShipping(configuration);
        collection.AddHttpClient("Shippo").ConfigurePrimaryHttpMessageHandler(() => fake);
        services = collection.BuildServiceProvider();
    }

    [Theory]
    [InlineData("QUEUED")]
    [InlineData("WAITING")]
    public async Task Is_looked_at_until_it_is_rated(string status)
    {
        fake.Answers(_ => fake.Requests.Count > 3 ? (HttpStatusCode.OK, Rated) : (HttpStatusCode.Created, UnderWay(status)));
        var quote = await InTime(Quote());
        Assert.Equal(("USPS_Priority", 1244), (quote.Rates.Single().Id, quote.Rates.Single().Cost));
        Assert.Equal(["UPS: Lane not served"], quote.Messages);
        Assert.Equal(
            ["POST /base/shipments/", "GET /base/shipments/e6f4/", "GET /base/shipments/e6f4/", "GET /base/shipments/e6f4/"],
            fake.Requests.Select(request => $"{request.Method} {request.Uri.AbsolutePath}"));
        Assert.All(fake.Requests, request => Assert.Equal("ShippoToken shippo_test_1", request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Is_not_waited_for_longer_than_for_any_answer()
    {
        fake.Answers(_ => (HttpStatusCode.Created, UnderWay("QUEUED")));
        var started = time.GetUtcNow();
        var fault = await Assert.ThrowsAsync<ProviderException>(() => InTime(Quote()));
        Assert.Contains("no answer within 60 s", fault.Message, StringComparison.Ordinal);
        Assert.InRange(time.GetUtcNow() - started, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task May_end_in_an_error()
    {
        fake.Answers(_ => fake.Requests.Count > 1 ? (HttpStatusCode.OK, """{ "status": "ERROR", "rates": [] }""") : (HttpStatusCode.Created, UnderWay("QUEUED")));
        Assert.Contains("status ERROR", (await Assert.ThrowsAsync<ProviderException>(() => InTime(Quote()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_forgotten_by_a_caller_who_gives_up()
    {
        fake.Answers(_ => (HttpStatusCode.Created, UnderWay("QUEUED")));
        using var caller = new CancellationTokenSource();
        var call = Quote(caller.Token);
        caller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTime(call));
    }

    public void Dispose()
    {
        services.Dispose();
        fake.Dispose();
    }

    private static string UnderWay(string status) => $$"""{ "object_id": "e6f4", "status": "{{status}}", "rates": [], "messages": [] }""";

    private Task<RateQuote> Quote(CancellationToken cancellation = default) => services.GetRequiredService<IRateProvider>().Quote(
        new(new ShopOptions().ShipFrom, new(null, "1 Main St", null, "Springfield", "IL", "62701", "US"), 450, "USD"), cancellation);

    private Task<RateQuote> InTime(Task<RateQuote> call) => Moments.Pass(time, call, ShippoRates.LooksEvery);
}
