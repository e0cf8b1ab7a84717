using System.Reflection;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Database;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Operations;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Shipping;
using CheckoutFunctions.Tests.Taxes;
using CheckoutFunctions.Webhooks;
using Dapper;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation;

namespace CheckoutFunctions.Tests.Webhooks;

/// <summary>
/// One checkout of two teas with a card that needs 3-D Secure: the real orchestrator on the real engine and the real SQL, on a clock that is moved by hand.
/// </summary>
internal sealed class ThreeDSecureCheckout : ITaskFunctions, IDisposable
{
    public const string Id = "chk_1";

    private static int count;

    private readonly SessionDatabase sessionDatabase;
    private readonly SqlSessionStore sessions;
    private readonly SqliteOrchestrationStore store = new(SqliteOrchestrationStore.InMemory);
    private readonly DurableEngine engine;
    private readonly CheckoutClient checkouts;
    private readonly object[] activities;
    private int sent;

    /// <param name="live">False: each turn replays the whole history, as after a restart.</param>
    public ThreeDSecureCheckout(
        bool live = true, IReadOnlyList<IRateProvider>? rates = null, IReadOnlyList<ITaxProvider>? taxes = null, IAddressVerifier? addresses = null, ShippingOptions? shipping = null)
    {
        var number = Interlocked.Increment(ref count);
        Shop = new ShopDatabase($"Data Source=three-d-secure-{number};Mode=Memory;Cache=Shared");
        sessionDatabase = new SessionDatabase($"Data Source=three-d-secure-sessions-{number};Mode=Memory;Cache=Shared");
        sessions = new SqlSessionStore(sessionDatabase, Clock);
        engine = new DurableEngine(store, this, Clock, NullLoggerFactory.Instance, new EngineOptions { LiveInstances = live ? 100 : 0 });
        Client = new LocalDurableTaskClient(engine);
        checkouts = new CheckoutClient(sessions, new SqlCommandKeys(sessionDatabase, Clock), new SessionSignals(), Clock);
        Payments = new SimulatedPayments(new NoChance(), Clock);
        Inbox = new PaymentInbox(Shop, Clock);
        Delivery = new PaymentEventDelivery(Inbox, sessions, checkouts, NullLogger<PaymentEventDelivery>.Instance);
        Stock = new Stock(Shop, Clock);
        activities =
        [
            new AddressActivities(addresses ?? new SimulatedAddresses()), ShippingActivitiesTests.Over(rates ?? [new SimulatedRates()], shipping ?? new(), Clock),
            TaxShop.Over(Shop, Clock, new(), NullLoggerFactory.Instance, [.. taxes ?? [new SimulatedTaxes()]]),
            new DiscountActivities(new DiscountCodes(Shop, Clock)), new InventoryActivities(Stock), new PaymentActivities(Payments),
            new OrderActivities(new OrderBook(Shop)), new SessionActivities(sessions, new SessionSignals()),
        ];
    }

    public ManualTimeProvider Clock { get; } = new();

    public ShopDatabase Shop { get; }

    public Stock Stock { get; }

    public SimulatedPayments Payments { get; }

    public CheckoutLimits Limits { get; init; } = new() { QuoteTolerancePercent = 1 };

    public PaymentInbox Inbox { get; }

    public PaymentEventDelivery Delivery { get; }

    public DurableTaskClient Client { get; }

    /// <summary>An activity that doesn't answer for now.</summary>
    public string? Down { get; set; }

    /// <summary>The first authorization's answer doesn't say what the buyer has to do.</summary>
    public bool HidesAction { get; set; }

    /// <summary>Activities that fail.</summary>
    public HashSet<string> Broken { get; } = [];

    /// <summary>One that takes effect and doesn't answer.</summary>
    public string? Mute { get; set; }

    /// <summary>The provider answers nobody.</summary>
    public bool ProviderIsDown { get; set; }

    public List<string> Asked { get; } = [];

    public string LastCommand => $"req_{sent}";

    public static async Task<ThreeDSecureCheckout> Waiting(bool live = true, CheckoutLimits? limits = null)
    {
        var checkout = new ThreeDSecureCheckout(live) { Limits = limits ?? new() };
        await checkout.Prepare();
        await checkout.Start();
        await checkout.Pay();
        await checkout.Settle();
        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);
        return checkout;
    }

    public async Task Prepare()
    {
        await Migrations.Apply(Shop, "Shop", Clock);
        await Migrations.Apply(sessionDatabase, "Sessions", Clock);
        await DemoCatalog.Seed(Shop);
    }

    public async Task Start(bool choose = true)
    {
        var items = (await new Catalog(Shop).Find(["TEA-100"], default))["TEA-100"].Line(2);
        var session = new SessionDocument(
            Id, "cart", CheckoutStatus.Cart, 1, "USD", [], new("ada@example.com"), [], null, null, null, null, null, null, null,
            0, 0, null, SessionPayment.None, null, [], Clock.GetUtcNow().AddHours(24));
        var state = new CheckoutState(session, [items], [], Limits).Reprice();
        await sessions.Create(new(state.Session, "", "{}", null), default);
        await CheckoutClient.Start(Client, state, default);
        await Raise(New(CommandKind.SetShippingAddress) with { ShippingAddress = new("Ada L", "1 Main St", null, "Beverly Hills", "CA", "90210", "US") });
        if (choose)
            await Choose("FedEx_Ground");
        await Settle();
    }

    public Task<string> Choose(string method) => Raise(New(CommandKind.SetShippingMethod) with { ShippingMethod = method });

    public Task<string> Pay(string card = Cards.ThreeDSecure, long? agreed = null) => Raise(New(CommandKind.Complete) with { PaymentToken = card, AgreedTotal = agreed });

    public void AnswersBank(bool approve) => Payments.AnswerThreeDSecure(Id, approve);

    public Task<string> ShipTo(Address address) => Raise(New(CommandKind.SetShippingAddress) with { ShippingAddress = address });

    /// <summary>The buyer comes back, or a storefront asks.</summary>
    public Task<string> Confirm() => Raise(New(CommandKind.ConfirmPayment));

    public Task<string> Cancel() => Raise(New(CommandKind.Cancel));

    /// <summary>What the endpoint does with a signed event.</summary>
    public async Task WebhookArrives(string id = "evt_1", string payment = "pi_1", DurableTaskClient? client = null, string type = "payment_intent.amount_capturable_updated")
    {
        var told = new PaymentEvent("Stripe", id, type, payment, Id);
        if (await Inbox.Store(told, default))
            await Delivery.Deliver(client ?? Client, told, default);
    }

    public Task Sweep() => new PaymentEventSweep(Inbox, Delivery, NullLogger<PaymentEventSweep>.Instance).Run(new TimerInfo(), Client, default);

    /// <summary>An operator's call, under this key.</summary>
    public async Task Retry(string key)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["Idempotency-Key"] = key;
        await new RetryEndpoint(checkouts, sessions, NullLogger<RetryEndpoint>.Instance).Retry(http.Request, Id, Client, default);
        await Settle();
    }

    /// <summary>What operators find at the instance.</summary>
    public string CustomStatus => store.Find(Id)!.CustomStatus!;

    public async Task<SessionDocument> Session() => (await sessions.Find(Id, default))!.Document;

    /// <summary>What a command was answered; null where the checkout had ended before.</summary>
    public async Task<AnswerCode?> AnswerTo(string command) => (await FullAnswerTo(command))?.Code;

    public Task<CommandAnswer?> FullAnswerTo(string command) => sessions.FindAnswer(Id, command, default);

    public async Task<bool> RunOne() => await engine.RunOneAsync();

    public async Task Settle()
    {
        while (await engine.RunOneAsync())
        {
        }
    }

    /// <summary>Lets the time pass, with all that happens in it.</summary>
    public async Task Pass(TimeSpan time)
    {
        await Settle();
        var end = Clock.GetUtcNow() + time;
        for (; engine.NextVisibleTime() is { } next && next <= end; await Settle())
            Clock.AdvanceTo(next);
        Clock.AdvanceTo(end);
        await Settle();
    }

    /// <summary>The money, the orders and the stock agree with the session: bought once, or not at all.</summary>
    public async Task HasOneOutcome()
    {
        var (session, payments) = (await Session(), Payments.Ledger.Values);
        var orders = await Shop.Read(connection => connection.QueryAsync<(string State, long Total)>("SELECT state, grand_total FROM orders"));
        var stock = await Shop.Read(connection => connection.QuerySingleAsync<(long Held, long Sold)>("SELECT held, sold FROM stock WHERE sku = 'TEA-100'"));
        if (session.Status == CheckoutStatus.Completed)
        {
            Assert.Equal(("placed", session.GrandTotal!.Value), Assert.Single(orders));
            Assert.Equal((PaymentState.Captured, session.GrandTotal), (Assert.Single(payments).State, Assert.Single(payments).Captured));
            Assert.Equal((0, 2), stock);
            return;
        }

        Assert.Contains(session.Status, new[] { CheckoutStatus.MethodSelected, CheckoutStatus.Cancelled });
        Assert.Empty(orders);
        Assert.All(payments, payment => Assert.Equal((PaymentState.Voided, 0), (payment.State, payment.Captured)));
        Assert.Equal((0, 0), stock);
    }

    public bool HasOrchestrator(string name) => name == CheckoutOrchestrator.Name;

    public bool HasActivity(string name) => MethodOf(name) is not null;

    public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
    {
        await CheckoutOrchestrator.Run(context);
        return null;
    }

    public async Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation)
    {
        Asked.Add(name);
        if (name == Down || Broken.Contains(name) || (ProviderIsDown && name.EndsWith("Payment", StringComparison.Ordinal)))
            throw new TimeoutException($"{name} did not answer.");

        var method = MethodOf(name)!;
        var arguments = method.GetParameters()
            .Select(parameter => parameter.ParameterType == typeof(CancellationToken) ? cancellation : DurableJson.Deserialize(inputJson, parameter.ParameterType)).ToArray();
        var returned = method.Invoke(activities.Single(instance => instance.GetType() == method.DeclaringType), BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is not Task task)
            return returned;

        await task;
        if (HidesAction && name == nameof(AuthorizePayment))
            return ((Task<Payment>)task).Result with { Action = null };
        if (name == Mute)
            throw new TimeoutException($"{name} did not answer.");
        return task.GetType().GetProperty("Result") is { } result && result.PropertyType.Name != "VoidTaskResult" ? result.GetValue(task) : null;
    }

    public void Dispose()
    {
        Shop.Dispose();
        sessionDatabase.Dispose();
        store.Dispose();
    }

    private async Task<string> Raise(CheckoutCommand command)
    {
        // What an ended checkout answers itself, Api reads from the session.
        if ((await sessions.Find(Id, default))! is { Document.IsClosed: false } session)
            await checkouts.Raise(Client, session, command, default);
        return command.Key;
    }

    private CheckoutCommand New(CommandKind kind)
    {
        var id = $"req_{++sent}";
        return new(kind, id, id, id);
    }

    private MethodInfo? MethodOf(string activity) => activities.Select(instance => instance.GetType().GetMethod(activity)).FirstOrDefault(method => method is not null);
}
