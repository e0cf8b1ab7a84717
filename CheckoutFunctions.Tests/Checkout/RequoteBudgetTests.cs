using System.Net;
using System.Text;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Webhooks;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Simulation;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>
/// How long a complete waits for what it can do without: the real flow and the real adapters over their time-outs, on a clock that only providers
/// who don't answer move. The budget is 2 seconds.
/// </summary>
public sealed class RequoteBudgetTests : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private readonly List<ServiceProvider> apps = [];
    private readonly Network network = new();

    [Theory]
    [InlineData("rates", 1)]
    [InlineData("quote", 2)]
    [InlineData("rates,quote", 2)]
    public async Task Providers_that_hang_cost_a_stale_complete_their_share_and_the_buyers_price_holds(string hanging, int seconds)
    {
        using var checkout = await Quoted(age: 31);
        var (before, total) = (checkout.Clock.GetUtcNow(), (await checkout.Session()).GrandTotal);
        Hangs(hanging);

        var paid = await PayWithoutWaiting(checkout, total);

        Assert.Equal((AnswerCode.Ok, total), (paid.Code, paid.Session.GrandTotal));
        Took(TimeSpan.FromSeconds(seconds), checkout, before);
    }

    [Fact]
    public async Task Two_tax_providers_that_hang_share_what_one_would_have()
    {
        using var checkout = await Quoted(age: 31, taxes: "TaxJar,Avalara");
        var before = checkout.Clock.GetUtcNow();
        Hangs("rates,quote");

        Assert.Equal(AnswerCode.Ok, (await PayWithoutWaiting(checkout)).Code);

        Took(Budget, checkout, before);
        Assert.Equal(3, network.Hung.Count); // EasyPost, TaxJar, Avalara
        Assert.Equal([1, 0.5, 0.5], network.Hung.Select(span => Math.Round(span.TotalSeconds, 1)));
    }

    [Fact]
    public async Task A_young_quote_asks_nobody()
    {
        using var checkout = await Quoted(age: 29);
        var before = checkout.Clock.GetUtcNow();
        Hangs("rates,quote");

        Assert.Equal(AnswerCode.Ok, (await PayWithoutWaiting(checkout)).Code);

        Assert.Equal(before, checkout.Clock.GetUtcNow());
        Assert.Empty(network.Hung);
    }

    [Fact]
    public async Task A_price_that_changed_beside_a_hanging_tax_provider_has_only_what_is_left()
    {
        using var checkout = await Quoted(age: 31);
        await checkout.Shop.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE products SET unit_price = 1251", transaction: transaction));
        var before = checkout.Clock.GetUtcNow();
        Hangs("rates,quote");

        var answer = await PayWithoutWaiting(checkout);

        Assert.Equal((AnswerCode.TotalsChanged, CheckoutStatus.AddressCollected), (answer.Code, answer.Session.Status));
        Took(Budget, checkout, before);
    }

    /// <summary>Their histories hold the old steps: a retry that isn't asked for again would be another history.</summary>
    [Fact]
    public async Task A_checkout_from_before_there_was_a_budget_goes_on_as_it_began()
    {
        using var checkout = await Quoted(age: 31, limits: new() { QuoteTolerancePercent = 1 });
        Hangs("quote");

        await checkout.Pay(Cards.Good);
        await checkout.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
        Assert.Equal(2, network.Hung.Count);
    }

    public void Dispose()
    {
        foreach (var app in apps)
            app.Dispose();
        network.Dispose();
    }

    private async Task<ThreeDSecureCheckout> Quoted(int age, string taxes = "TaxJar", CheckoutLimits? limits = null)
    {
        var carriers = new Carriers();
        var ladder = taxes.Split(',').Select(_ => new Taxes()).ToList();
        var checkout = new ThreeDSecureCheckout(rates: [carriers], taxes: [.. ladder]) { Limits = limits ?? new() { QuoteTolerancePercent = 1, RequoteMilliseconds = 2000 } };
        network.Clock = checkout.Clock;
        var app = Start(checkout, taxes);
        carriers.Real = app.GetRequiredService<IRateProvider>();
        foreach (var (rung, real) in ladder.Zip(app.GetServices<ITaxProvider>()))
            rung.Real = real;
        await checkout.Prepare();
        await checkout.Start();
        Assert.Equal(CheckoutStatus.MethodSelected, (await checkout.Session()).Status);
        await checkout.Pass(TimeSpan.FromMinutes(age));
        return checkout;
    }

    /// <summary>The adapters as the app registers them, over this network.</summary>
    private ServiceProvider Start(ThreeDSecureCheckout checkout, string taxes)
    {
        var settings = new Dictionary<string, string?> { ["Taxes:Providers"] = taxes, ["Shipping:CacheMinutes"] = "0", ["Taxes:CacheMinutes"] = "0" };
        string[] providers = ["EasyPost", "TaxJar", "Avalara"];
        foreach (var provider in providers)
            settings[$"{provider}:BaseUrl"] = "http://127.0.0.1:1";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(checkout.Clock).AddSingleton(checkout.Shop)
            .AddShipping(configuration).AddTaxes(configuration);
        foreach (var provider in providers)
            services.AddHttpClient(provider).ConfigurePrimaryHttpMessageHandler(() => network);
        var app = services.BuildServiceProvider();
        apps.Add(app);
        return app;
    }

    private void Hangs(string operations) => network.Hanging = [.. operations.Split(',')];

    private static void Took(TimeSpan expected, ThreeDSecureCheckout checkout, DateTimeOffset since) =>
        Assert.InRange(checkout.Clock.GetUtcNow() - since, expected, expected + (2 * Network.Step));

    /// <summary>Nothing but the providers moves the clock: not even a retry's pause is waited for.</summary>
    private static async Task<CommandAnswer> PayWithoutWaiting(ThreeDSecureCheckout checkout, long? agreed = null)
    {
        var command = await checkout.Pay(Cards.Good, agreed);
        await checkout.Settle();
        return (await checkout.FullAnswerTo(command))!;
    }

    /// <summary>Answers at once, or never: then the time passes until the caller gives up.</summary>
    private sealed class Network : HttpMessageHandler
    {
        public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

        public ManualTimeProvider Clock { get; set; } = null!;

        public HashSet<string> Hanging { get; set; } = [];

        /// <summary>How long each call that got no answer was waited for.</summary>
        public List<TimeSpan> Hung { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (operation, answer) = request.RequestUri!.AbsolutePath switch
            {
                "/beta/rates" => ("rates", """{ "rates": [{ "carrier": "FedEx", "service": "FEDEX_GROUND", "rate": "10.00", "currency": "USD" }] }"""),
                "/v2/taxes" => ("quote", """{ "tax": { "amount_to_collect": 3.00 } }"""),
                "/api/v2/transactions/create" => ("quote", """{ "totalTax": 3.00 }"""),
                _ => ("record", "{}"),
            };
            if (!Hanging.Contains(operation))
                return new(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };

            var begun = Clock.GetUtcNow();
            while (!cancellationToken.IsCancellationRequested)
                Clock.Advance(Step);
            Hung.Add(Clock.GetUtcNow() - begun);
            await Task.FromCanceled(cancellationToken);
            throw new InvalidOperationException("unreachable");
        }
    }

    /// <summary>The clock that the adapters run by comes with the checkout, which comes with the adapters.</summary>
    private sealed class Carriers : IRateProvider
    {
        public IRateProvider Real { get; set; } = null!;

        public string Name => Real.Name;

        public Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation) => Real.Quote(request, cancellation);
    }

    private sealed class Taxes : ITaxProvider
    {
        public ITaxProvider Real { get; set; } = null!;

        public string Name => Real.Name;

        public Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation) => Real.Calculate(request, cancellation);

        public Task Record(TaxDocument document, CancellationToken cancellation) => Real.Record(document, cancellation);

        public Task RecordRefund(TaxRefund refund, CancellationToken cancellation) => Real.RecordRefund(refund, cancellation);
    }
}
