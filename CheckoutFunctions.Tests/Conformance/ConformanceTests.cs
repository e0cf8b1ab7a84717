using System.Text.Json;
using System.Text.RegularExpressions;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Conformance;

/// <summary>
/// Each adapter's whole surface against the sandbox, and every request and every answer against the provider's published description: so neither
/// the adapter nor the sandbox is right by the other's mistake.
/// </summary>
public sealed class ConformanceTests : IAsyncLifetime
{
    private static readonly Address From = new("Tea & Co", "388 Townsend St", null, "San Francisco", "CA", "94107", "US");
    private static readonly Address To = new("Ada Lovelace", "1 Main St", "Apt 7", "Beverly Hills", "CA", "90210", "US");
    private static readonly IReadOnlyList<TaxLine> Lines = [new("TEA-100", "Assam tea", 2, 1250, 250, "40030"), new("MUG-001", "Mug", 1, 1800, 0, null)];

    private readonly AheadTime time = new();
    private readonly List<IAsyncDisposable> apps = [];
    private Sandbox.Providers sandbox = null!;
    private TestShop shop = null!;

    public async Task InitializeAsync() => (sandbox, shop) = (await Sandbox.Providers.Start(time: time), await TestShop.InMemory());

    public async Task DisposeAsync()
    {
        foreach (var app in apps)
            await app.DisposeAsync();
        await sandbox.DisposeAsync();
        shop.Dispose();
    }

    [RecordedFact]
    public async Task Google()
    {
        var (network, app) = Start("google", "Google", (services, configuration) => services.AddAddresses(configuration));
        var verifier = app.GetRequiredService<IAddressVerifier>();
        var first = await verifier.Verify(To with { Line1 = "1 Main Stret" }, null, default);
        await verifier.Verify(To, first.ResponseId, default);
        await verifier.Verify(To with { Country = "DE", State = null, Zip = "10115", City = "Berlin", Line1 = "Invalidenstr. 1" }, null, default);

        var description = Read("google-address-validation", "discovery.json");
        var method = description.GetProperty("resources").GetProperty("v1").GetProperty("methods").GetProperty("validateAddress");
        Assert.Equal(3, network.Exchanges.Count);
        Assert.Contains(network.Exchanges, exchange => exchange.Json.TryGetProperty("previousResponseId", out _));
        foreach (var exchange in network.Exchanges)
        {
            Assert.Equal((method.GetProperty("httpMethod").GetString(), $"/{method.GetProperty("path").GetString()}", 200), (exchange.Method, exchange.Path, exchange.Status));
            Assert.Empty(new SchemaCheck(description) { IsClosed = true }.Of(method.GetProperty("request"), exchange.Json));
            Assert.Empty(new SchemaCheck(description) { IsClosed = true }.Of(method.GetProperty("response"), exchange.AnswerJson));
        }
    }

    /// <summary>Its description is of samples of shipments: the same places and parcels, but a bare rate lacks what a shipment's has.</summary>
    [RecordedFact]
    public async Task EasyPost()
    {
        var (network, app) = Start("easypost", "EasyPost", (services, configuration) => services.AddShipping(configuration));
        var quote = await app.GetRequiredService<IRateProvider>().Quote(new(From, To, 800, "USD"), default);
        Assert.NotEmpty(quote.Rates);

        var description = Read("easypost", "schema.inferred.json");
        var exchange = Assert.Single(network.Exchanges);
        Assert.Equal(("POST", "/beta/rates", "application/json"), (exchange.Method, exchange.Path, exchange.ContentType));
        var shipment = JsonElement.Parse("""
            { "type": "object", "required": ["shipment"], "properties": { "shipment": { "type": "object", "required": ["from_address", "to_address", "parcel"], "properties": {
                "from_address": { "$ref": "#/$defs/Address" }, "to_address": { "$ref": "#/$defs/Address" }, "parcel": { "$ref": "#/$defs/Parcel" } } } } }
            """);
        Assert.Empty(new SchemaCheck(description) { IsClosed = true, AllowsMissing = true }.Of(shipment, exchange.Json));
        Assert.All(exchange.AnswerJson.GetProperty("rates").EnumerateArray(), rate =>
            Assert.Empty(new SchemaCheck(description) { IsClosed = true, AllowsMissing = true }.Of(description.GetProperty("$defs").GetProperty("Rate"), rate)));
    }

    [RecordedFact]
    public async Task Shippo()
    {
        var (network, app) = Start("shippo", "Shippo", (services, configuration) => services.AddShipping(configuration), ("Shipping:Providers", "Shippo"));
        var quote = await app.GetRequiredService<IRateProvider>().Quote(new(From, To, 800, "USD"), default);
        Assert.NotEmpty(quote.Rates);

        Conforms(network, new OpenApi(Read("shippo")), ["POST /shipments"], Deviations("shippo"));
        Assert.All(network.Exchanges, exchange => Assert.True(exchange.Headers.ContainsKey("SHIPPO-API-VERSION")));
    }

    [RecordedFact]
    public async Task TaxJar()
    {
        var (network, app) = Start("taxjar", "TaxJar", (services, configuration) => services.AddTaxes(configuration));
        await Taxes(app.GetRequiredService<ITaxProvider>());

        Conforms(
            network,
            new OpenApi(Read("taxjar"), "/v2"),
            ["GET /transactions/orders/{transaction_id}", "GET /transactions/refunds/{transaction_id}", "POST /taxes", "POST /transactions/orders", "POST /transactions/refunds"]);
    }

    [RecordedFact]
    public async Task Avalara()
    {
        var (network, app) = Start("avalara", "Avalara", (services, configuration) => services.AddTaxes(configuration), ("Taxes:Providers", "Avalara"));
        await Taxes(app.GetRequiredService<ITaxProvider>());

        Conforms(network, new OpenApi(Read("avalara")), ["GET /api/v2/companies/{companyCode}/transactions/{transactionCode}", "POST /api/v2/transactions/create"]);
        Assert.Equal(
            ["ReturnInvoice", "SalesInvoice", "SalesOrder"],
            network.Exchanges.Where(exchange => exchange.Method == "POST").Select(exchange => exchange.Json.GetProperty("type").GetString()).Distinct().Order(StringComparer.Ordinal));
    }

    [RecordedFact]
    public async Task Stripe()
    {
        var network = new WrittenNetwork("/stripe");
        var stripe = new StripeApps(time);
        apps.Add(stripe);
        await Payments(stripe.Start(network, $"{sandbox.Http.BaseAddress}stripe", null), "pm_card_visa", "pm_card_visa_chargeDeclined");

        Conforms(
            network,
            new OpenApi(Read("stripe")),
            [
                "GET /v1/payment_intents", "GET /v1/payment_intents/{intent}", "GET /v1/refunds",
                "POST /v1/payment_intents", "POST /v1/payment_intents/{intent}/cancel", "POST /v1/payment_intents/{intent}/capture", "POST /v1/payment_intents/{intent}/confirm", "POST /v1/refunds",
            ]);
        Assert.All(network.Exchanges.Where(exchange => exchange.Method == "POST"), exchange => Assert.InRange(exchange.Headers["Idempotency-Key"].Length, 1, 255));
    }

    [RecordedFact]
    public async Task Braintree()
    {
        var network = new WrittenNetwork("/braintree");
        var braintree = new BraintreeApps(time);
        apps.Add(braintree);
        await Payments(await braintree.Start(network, $"{sandbox.Http.BaseAddress}braintree"), "fake-valid-nonce", "tokencc_sandbox_2046_a");

        var schema = Schema();
        Assert.All(network.Exchanges, exchange =>
        {
            Assert.Equal(("POST", "/graphql", 200), (exchange.Method, exchange.Path, exchange.Status));
            Assert.True(exchange.Headers.ContainsKey("Braintree-Version"));
            var (document, variables) = (exchange.Json.GetProperty("query").GetString()!, exchange.Json.GetProperty("variables"));
            Assert.Empty(schema.OfRequest(document, variables));
            if (!exchange.AnswerJson.TryGetProperty("errors", out _))
                Assert.Empty(schema.OfAnswer(document, exchange.AnswerJson.GetProperty("data")));
        });
        Assert.Equal(
            ["Authorize", "Capture", "List", "PaymentMethod", "Refund", "Reverse", "Search"],
            network.Exchanges.Select(exchange => NameOf(exchange.Json.GetProperty("query").GetString()!)).Where(name => name != "Transaction").Distinct().Order(StringComparer.Ordinal));
    }

    [RecordedFact]
    public void Every_document_for_Braintree_is_one_of_its_schema() => Assert.All(
        typeof(BraintreeDocuments).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
        document => Assert.Empty(Schema().OfRequest(document)));

    /// <summary>The check itself: the same requests with one thing wrong.</summary>
    [RecordedFact]
    public void What_is_wrong_is_found()
    {
        var stripe = new OpenApi(Read("stripe"));
        Assert.Equal(["POST /v1/refunds: $.amuont is unknown"], stripe.OfRequest(Posted("/v1/refunds", "payment_intent=pi_1&amuont=1")));
        Assert.Equal(["POST /v1/payment_intents: $.currency is missing", "POST /v1/payment_intents: $.amount is \"1.5\", not of type integer"], stripe.OfRequest(Posted("/v1/payment_intents", "amount=1.5")));
        Assert.Equal(["POST /v1/payment_intents: $.capture_method is \"later\", none of its words"], stripe.OfRequest(Posted("/v1/payment_intents", "amount=1&currency=usd&capture_method=later")));
        Assert.Equal(["POST /v1/nothing: no such call"], stripe.OfRequest(Posted("/v1/nothing", "")));

        var schema = Schema();
        const string Search = "query Search($input: TransactionSearchInput!) { search { transactions(input: $input, first: 50) { edges { node { id } } } } }";
        Assert.Empty(schema.OfRequest(Search, JsonElement.Parse("""{ "input": { "orderId": { "is": "1" } } }""")));
        Assert.Equal(["$input.ordreId is unknown"], schema.OfRequest(Search, JsonElement.Parse("""{ "input": { "ordreId": { "is": "1" } } }""")));
        Assert.Equal(["$input is missing"], schema.OfRequest(Search, JsonElement.Parse("{}")));
        Assert.Equal(["Search.search.transactions.egdes: TransactionConnection has no such field"], schema.OfRequest(Search.Replace("edges { node { id } }", "egdes { id }", StringComparison.Ordinal)));
        Assert.Equal(["data.search.transactions is not answered"], schema.OfAnswer(Search, JsonElement.Parse("""{ "search": {} }""")));
    }

    private static async Task Taxes(ITaxProvider taxes)
    {
        var taxed = new TaxRequest("USD", From, To, 1000, Lines);
        var tax = (await taxes.Calculate(taxed, default)).Amount;
        var document = new TaxDocument("ord_1", DateTimeOffset.UtcNow, taxed, tax);
        var refund = new TaxRefund("ref_1", "ord_1", DateTimeOffset.UtcNow, "USD", 1000, 80);
        for (var time = 0; time < 2; time++)
        {
            await taxes.Record(document, default);
            await taxes.RecordRefund(refund, default);
        }
    }

    /// <summary>Paid and partly refunded; held and given back; declined; and the list of them.</summary>
    private static async Task Payments(IPaymentGateway gateway, string good, string bad)
    {
        var amount = new Money(4100, "USD");
        var paid = (await gateway.Create(new("chk_1:1:create", "chk_1", amount, good), default)).PaymentId!;
        Assert.Equal(PaymentState.Authorized, (await gateway.Authorize(new("chk_1:1:authorize", paid), default)).State);
        Assert.Equal(PaymentState.Captured, (await gateway.Capture(new("chk_1:1:capture", paid, amount), default)).State);
        Assert.Equal(4100, (await gateway.Retrieve(paid, default)).Captured);
        Assert.Equal(PaymentRefundState.Succeeded, (await gateway.Refund(new("ref_1:1:refund", paid, new(1000, "USD")), default)).State);
        Assert.Equal(PaymentRefundState.Succeeded, (await gateway.FindRefund(new("ref_1:1:refund", paid), default)).State);

        var held = (await gateway.Create(new("chk_2:1:create", "chk_2", amount, good), default)).PaymentId!;
        await gateway.Authorize(new("chk_2:1:authorize", held), default);
        Assert.Equal(PaymentState.Voided, (await gateway.Void(new("chk_2:1:void", held), default)).State);

        var declined = (await gateway.Create(new("chk_3:1:create", "chk_3", amount, bad), default)).PaymentId!;
        Assert.Equal(PaymentState.Declined, (await gateway.Authorize(new("chk_3:1:authorize", declined), default)).State);
        Assert.NotEmpty(await gateway.List(DateTimeOffset.UtcNow.AddHours(-1), default).ToListAsync());
    }

    /// <param name="deviations">Places where the provider's recorded answers themselves aren't as described.</param>
    private static void Conforms(WrittenNetwork network, OpenApi description, string[] calls, IReadOnlySet<string>? deviations = null)
    {
        Assert.Equal(calls, network.Exchanges.Select(description.CallOf).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(network.Exchanges.SelectMany(description.OfRequest).Distinct());
        Assert.Empty(network.Exchanges.SelectMany(description.OfAnswer).Where(violation => deviations?.Contains(PlaceOf(violation)) != true).Distinct());
    }

    private static HashSet<string> Deviations(string provider) =>
        [.. Read(provider, "spec_deviations.json").GetProperty("deviations").EnumerateArray().Select(deviation => deviation.GetProperty("path").GetString()!)];

    /// <summary><c>$.parcels[0].template is null</c> is at <c>parcels/*/template</c>.</summary>
    private static string PlaceOf(string violation) =>
        Regex.Replace(Regex.Match(violation, @"\$\.(\S+)").Groups[1].Value, @"\[\d+\]", "/*").Replace('.', '/');

    /// <summary>The adapter as the app registers it, over a network that is written down. A busy machine is no provider that is down.</summary>
    private (WrittenNetwork Network, IServiceProvider App) Start(
        string prefix, string provider, Action<IServiceCollection, IConfiguration> add, params (string Name, string Value)[] settings)
    {
        var values = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        values[$"{provider}:BaseUrl"] = $"{sandbox.Http.BaseAddress}{prefix}";
        values[$"{provider}:TimeoutSeconds"] = "60";
        values["Taxes:BudgetSeconds"] = "60";
        var network = new WrittenNetwork($"/{prefix}");
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddSingleton(shop.Database);
        add(services, new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddHttpClient(provider).ConfigurePrimaryHttpMessageHandler(() => network);
        var app = services.BuildServiceProvider();
        apps.Add(app);
        return (network, app);
    }

    private static Exchange Posted(string path, string form) =>
        new("POST", path, "", "application/x-www-form-urlencoded", form, 200, "{}", new Dictionary<string, string>());

    private static string NameOf(string document) => document.Split(' ', '(')[1];

    private static GraphQl Schema() => new(File.ReadAllText(Path.Combine(Recordings.Folder!, "braintree", "schema.graphql")));

    private static JsonElement Read(string provider, string file = "openapi.json") =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(Recordings.Folder ?? throw new InvalidOperationException("CHECKOUT_CONTRACTS names no folder."), provider, file)));
}
