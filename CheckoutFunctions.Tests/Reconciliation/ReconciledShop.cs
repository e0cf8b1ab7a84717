using System.Reflection;
using System.Text.Json;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Reconciliation;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using Dapper;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation;

namespace CheckoutFunctions.Tests.Reconciliation;

/// <summary>The real orchestrations on the real engine and the real SQL, with simulated providers, a clock that is moved by hand, and an operator who may end anything.</summary>
internal sealed class ReconciledShop : ITaskFunctions, IDisposable
{
    private static int count;

    private readonly SessionDatabase sessionDatabase;
    private readonly SqliteOrchestrationStore store = new(SqliteOrchestrationStore.InMemory);
    private readonly DurableEngine engine;
    private readonly CheckoutClient checkouts;
    private readonly Dictionary<Type, object> activities;
    private readonly ReconciliationBook book;
    private int sent;

    private ReconciledShop()
    {
        var number = Interlocked.Increment(ref count);
        Database = new ShopDatabase($"Data Source=reconciled-{number};Mode=Memory;Cache=Shared");
        sessionDatabase = new SessionDatabase($"Data Source=reconciled-sessions-{number};Mode=Memory;Cache=Shared");
        Sessions = new SqlSessionStore(sessionDatabase, Clock);
        Archive = new SqlSessionArchive(sessionDatabase);
        engine = new DurableEngine(store, this, Clock, NullLoggerFactory.Instance, new EngineOptions());
        Client = new LocalDurableTaskClient(engine);
        checkouts = new CheckoutClient(Sessions, new SqlCommandKeys(sessionDatabase, Clock), new SessionSignals(), Clock);
        Payments = new SimulatedPayments(new NoChance(), Clock);
        Provider = new Gateway(Payments);
        Stock = new Stock(Database, Clock);
        Orders = new OrderBook(Database);
        Refunds = new RefundBook(Database, Clock);
        activities = Code.AsItIs.Create(
            Database, Clock, Sessions, Payments, new ShopOptions(), new SimulatedAddresses(), new IRateProvider[] { new SimulatedRates() }, new ITaxProvider[] { Taxes });
        book = new ReconciliationBook(Database);
        var limits = new CheckoutLimits();
        Reconciler = new Reconciler(
            Provider, Sessions, book, new EndedCheckouts(Provider, Orders, Stock, book, new CheckoutEnding(Sessions, book)), new WorkingCheckouts(checkouts, Sessions, Stock, limits),
            new StuckRefunds(Refunds, new RefundClient(Refunds, Orders, Sessions)), limits, Clock, NullLogger<Reconciler>.Instance);
    }

    public ManualTimeProvider Clock { get; } = new();

    public ShopDatabase Database { get; }

    public SqlSessionStore Sessions { get; }

    public SqlSessionArchive Archive { get; }

    public SimulatedPayments Payments { get; }

    public SimulatedTaxes Taxes { get; } = new();

    /// <summary>The provider as reconciliation reaches it.</summary>
    public Gateway Provider { get; }

    public Stock Stock { get; }

    public OrderBook Orders { get; }

    public RefundBook Refunds { get; }

    public Reconciler Reconciler { get; }

    public DurableTaskClient Client { get; }

    /// <summary>Activities that don't answer for now.</summary>
    public HashSet<string> Down { get; } = [];

    /// <summary>Orders that the rest of the shop was told of.</summary>
    public List<string> Published { get; } = [];

    public static async Task<ReconciledShop> Open()
    {
        var shop = new ReconciledShop();
        await Migrations.Apply(shop.Database, "Shop", shop.Clock);
        await Migrations.Apply(shop.sessionDatabase, "Sessions", shop.Clock);
        await DemoCatalog.Seed(shop.Database);
        return shop;
    }

    /// <summary>A checkout of two teas that has only to be paid.</summary>
    public async Task Ready(string id)
    {
        await CheckoutClient.Start(Client, await Insert(id), default);
        await Raise(id, New(CommandKind.SetShippingAddress) with { ShippingAddress = new("Ada L", "1 Main St", null, "Beverly Hills", "CA", "90210", "US") });
        await Raise(id, New(CommandKind.SetShippingMethod) with { ShippingMethod = "FedEx_Ground" });
        await Settle();
    }

    /// <summary>Pays, as far as what is down lets it come.</summary>
    public async Task Pay(string id, string card = Cards.Good, params string[] down)
    {
        await Ready(id);
        Down.UnionWith(down);
        await Raise(id, New(CommandKind.Complete) with { PaymentToken = card });
        await Settle();
    }

    /// <summary>The gate of a checkout, and no more.</summary>
    public async Task<CheckoutState> Insert(string id)
    {
        var items = (await new Catalog(Database).Find(["TEA-100"], default))["TEA-100"].Line(2);
        var session = new SessionDocument(
            id, "cart", CheckoutStatus.Cart, 1, "USD", [], new("ada@example.com"), [], null, null, null, null, null, null, null,
            0, 0, null, SessionPayment.None, null, [], Clock.GetUtcNow().AddHours(24));
        var state = new CheckoutState(session, [items], [], new CheckoutLimits()).Reprice();
        await Sessions.Create(new(state.Session, "", JsonSerializer.Serialize(state), null), default);
        return state;
    }

    public async Task Cancel(string id)
    {
        await Raise(id, New(CommandKind.Cancel));
        await Settle();
    }

    /// <summary>An operator ends the orchestration over the management API, which undoes nothing.</summary>
    public async Task Terminate(string id)
    {
        await Client.TerminateInstanceAsync(id, "by hand", default);
        await Settle();
        Down.Clear();
    }

    public async Task<ReconciliationReport> Heal()
    {
        var report = await Reconciler.Look(Client, heal: true, default);
        await Settle();
        return report;
    }

    public Task<ReconciliationReport> Look() => Reconciler.Look(Client, heal: false, default);

    /// <summary>As long as it takes before anything may be touched.</summary>
    public Task Pass() => Pass(TimeSpan.FromMinutes(11));

    public async Task Pass(TimeSpan time)
    {
        var end = Clock.GetUtcNow() + time;
        for (; engine.NextVisibleTime() is { } next && next <= end; await Settle())
            Clock.AdvanceTo(next);
        Clock.AdvanceTo(end);
        await Settle();
    }

    public async Task Settle()
    {
        while (await engine.RunOneAsync())
        {
        }
    }

    public async Task<SessionDocument> Session(string id) => (await Sessions.Find(id, default))!.Document;

    public Payment PaymentOf(string id) => Payments.Ledger.Values.Single(payment => payment.Reference == id);

    public Task<(long Held, long Sold)> Tea() => Database.Read(connection => connection.QuerySingleAsync<(long, long)>("SELECT held, sold FROM stock WHERE sku = 'TEA-100'"));

    public Task<BookedOrder?> OrderOf(string id) => book.OrderOf(id, default);

    /// <summary>Bought: the money, the order, the stock, the tax and the buyer agree.</summary>
    public async Task IsSold(string id)
    {
        var (session, order) = (await Session(id), await OrderOf(id));
        Assert.Equal((CheckoutStatus.Completed, order!.OrderId), (session.Status, session.OrderId));
        Assert.Equal((PaymentState.Captured, order.Total, 0), PaymentOf(id) is var payment ? (payment.State, payment.Captured, payment.Refunded) : default);
        Assert.Equal((0, 2), await Tea());
        Assert.Equal(session.TaxCost, Taxes.Documents[order.OrderId].Tax);
        Assert.Contains(order.OrderId, Published);
    }

    /// <summary>Nothing is left of it: no money, no order, no stock, and the buyer knows.</summary>
    public async Task IsUndone(string id, PaymentState money = PaymentState.Voided)
    {
        Assert.Equal(CheckoutStatus.Cancelled, (await Session(id)).Status);
        Assert.Null(await OrderOf(id));
        Assert.Equal(money, PaymentOf(id).State);
        Assert.Equal((0, 0), await Tea());
    }

    public bool HasOrchestrator(string name) => Code.AsItIs.Orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => Code.AsItIs.Activities.ContainsKey(name);

    public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
    {
        await Code.AsItIs.Orchestrators[name](context);
        return null;
    }

    public async Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation)
    {
        if (Down.Contains(name))
            throw new TimeoutException($"{name} did not answer.");

        var method = Code.AsItIs.Activities[name];
        var arguments = method.GetParameters()
            .Select(parameter => parameter.ParameterType == typeof(CancellationToken) ? cancellation : DurableJson.Deserialize(inputJson, parameter.ParameterType)).ToArray();
        var returned = method.Invoke(activities[method.DeclaringType!], BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is OrderPlaced placed)
            Published.Add(placed.OrderId);
        if (returned is not Task task)
            return returned;

        await task;
        return task.GetType().GetProperty("Result") is { } result && result.PropertyType.Name != "VoidTaskResult" ? result.GetValue(task) : null;
    }

    public void Dispose()
    {
        Database.Dispose();
        sessionDatabase.Dispose();
        store.Dispose();
    }

    private Task Raise(string id, CheckoutCommand command) => Client.RaiseEventAsync(id, CheckoutCommand.EventName, command, default);

    private CheckoutCommand New(CommandKind kind)
    {
        var id = $"req_{++sent}";
        return new(kind, id, id, id);
    }

    /// <summary>The simulated provider, which can be away.</summary>
    internal sealed class Gateway(SimulatedPayments payments) : IPaymentGateway
    {
        public bool IsAway { get; set; }

        public List<string> Voided { get; } = [];

        public string Name => payments.Name;

        public Task<CreatedPayment> Create(CreatePayment request, CancellationToken cancellation) => payments.Create(request, cancellation);

        public Task<Payment> Authorize(AuthorizePayment request, CancellationToken cancellation) => payments.Authorize(request, cancellation);

        public Task<Payment> Retrieve(string paymentId, CancellationToken cancellation) => payments.Retrieve(paymentId, cancellation);

        public Task<Payment> Capture(CapturePayment request, CancellationToken cancellation) => payments.Capture(request, cancellation);

        public Task<Payment> Void(VoidPayment request, CancellationToken cancellation)
        {
            Voided.Add(request.PaymentId);
            return payments.Void(request, cancellation);
        }

        public Task<PaymentRefund> Refund(RefundPayment request, CancellationToken cancellation) => payments.Refund(request, cancellation);

        public Task<PaymentRefund> FindRefund(FindRefund request, CancellationToken cancellation) => payments.FindRefund(request, cancellation);

        public IAsyncEnumerable<ListedPayment> List(DateTimeOffset since, CancellationToken cancellation) =>
            IsAway ? throw new ProviderException(Name, "search", "did not answer.") : payments.List(since, cancellation);
    }
}
