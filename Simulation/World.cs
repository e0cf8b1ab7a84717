using System.Text.Json;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Database;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using Dapper;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Simulation;

/// <summary>
/// One seed's world: the real orchestration on the real engine and the real SQL, with a clock that jumps, buyers, providers that misbehave
/// and a process that dies. Invariants are checked after every work item.
/// </summary>
internal sealed class World : IDisposable
{
    private const int StepLimit = 30_000;

    private readonly Random random;
    private readonly ManualTimeProvider clock = new();
    private readonly WorldDatabases databases;
    private readonly ShopDatabase shop;
    private readonly SessionDatabase sessionDatabase;
    private readonly SqlSessionStore sessions;
    private readonly SqliteOrchestrationStore store = new(SqliteOrchestrationStore.InMemory);
    private readonly Plot? plot;
    private readonly IWeather weather;
    private readonly SimulatedFunctions functions;
    private readonly SimulatedRates rates = new();
    private readonly List<Buyer> buyers = [];
    private readonly Webhooks webhooks;
    private readonly Invariants invariants;
    private readonly Stock stock;
    private readonly CheckoutLimits limits;
    private readonly RefundBook refunds;
    private readonly RefundClerk clerk;
    private readonly EngineOptions options;
    private readonly Meddler? meddler;
    private readonly Taps taps;
    private readonly bool haveKeys;
    private readonly bool haveCode;
    private readonly bool restarts;
    private DurableEngine engine;
    private DateTimeOffset nextSweep;

    private World(int seed, Code code, Plot? plot, bool meddled)
    {
        random = new Random(seed);
        this.plot = plot;
        // Replaying each turn from the start, as Azure does, costs ten times as much: few worlds do that, the others after a crash or a restart.
        options = new EngineOptions { LiveInstances = seed % 100 == 0 ? 0 : 100 };
        restarts = seed % 5 == 0;
        databases = WorldDatabases.Rent();
        (shop, sessionDatabase) = (databases.Shop, databases.Sessions);
        sessions = new SqlSessionStore(sessionDatabase, clock);
        weather = plot is null ? new RandomWeather(random, clock) : new OneFault(plot.Row, plot.Kind, clock);
        Faults = new Faults(weather, random, clock);
        // Of its own, so that what buyers do doesn't depend on what operators do.
        var operators = plot is null ? new Random(seed + 1_000_000) : new NoChance();
        Payments = new SimulatedPayments(operators, clock);
        webhooks = new Webhooks(new Random(seed + 2_000_000), clock);
        Payments.Changed = webhooks.Changed;
        refunds = new RefundBook(shop, clock);
        var desk = new RefundClient(refunds, new OrderBook(shop), sessions);
        clerk = plot is null ? new RefundClerk(operators, desk, refunds, shop, clock) : new ScriptedClerk(operators, desk, refunds, shop, clock, plot.Row.Journey);
        var activities = code.Create(
            shop, clock, sessions, Payments, new ShopOptions(), new SimulatedAddresses(), new IRateProvider[] { rates }, new ITaxProvider[] { Taxes });
        functions = new SimulatedFunctions(code, activities, Faults);
        Payments.Refunds.MayBounce = !meddled;
        meddler = meddled ? new Meddler(new Random(seed + 3_000_000), shop, sessionDatabase, sessions, Payments, clock) : null;
        invariants = new Invariants(shop, sessions, store, Payments, Taxes, Faults, functions.Undone, clock) { Ended = meddler?.Ended ?? new HashSet<string>() };
        taps = new Taps(new CheckoutClient(sessions, new SqlCommandKeys(sessionDatabase, clock), new SessionSignals(), clock), new Random(seed + 4_000_000));
        // All want to use a code that is good for one of them.
        (haveKeys, haveCode) = (plot is null && seed % 2 == 0, plot is null && seed % 6 == 3);
        stock = new Stock(shop, clock);
        // In some worlds the wait for the bank outlasts the hold by far.
        limits = new CheckoutLimits { HoldMinutes = plot is null && seed % 3 == 0 ? 5 : 15, QuoteTolerancePercent = seed % 4, RequoteMilliseconds = plot is null && seed % 5 == 1 ? null : 2000 };
        engine = Boot();
    }

    public Faults Faults { get; }

    public SimulatedPayments Payments { get; }

    public SimulatedTaxes Taxes { get; } = new();

    /// <summary>What each checkout went through: the states that its buyer saw, the answers, and what had to be undone.</summary>
    public HashSet<(string Checkout, string Outcome)> Outcomes { get; } = [];

    /// <summary>What was answered, in the order of the commands.</summary>
    public IReadOnlyList<CommandAnswer> Answers { get; private set; } = [];

    /// <param name="meddled">Somebody ends orchestrations in the middle of their work, and reconciliation puts right what they leave.</param>
    public static async Task<World> Run(int seed, Code? code = null, Plot? plot = null, bool meddled = false)
    {
        var world = new World(seed, code ?? Code.AsItIs, plot, meddled);
        try
        {
            await world.Live();
            await world.CollectOutcomes();
            return world;
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        databases.Return();
        store.Dispose();
    }

    /// <summary>The history of each checkout and each refund, as its last generation left it.</summary>
    public IEnumerable<(Instance Instance, IReadOnlyList<HistoryEvent> Events)> Histories() =>
        store.List(new InstanceFilter(int.MaxValue)).Select(instance => (instance, store.ReadHistory(instance.InstanceId)));

    private async Task Live()
    {
        await invariants.Remember();
        for (var i = plot is null ? random.Next(1, 4) : 1; i > 0; i--)
            await OpenCheckout($"chk_{i}");

        for (var step = 0; step < StepLimit; step++)
        {
            while (await Faults.RunNextLate())
                await invariants.Always();
            await HoldsAreSwept();
            await Visits();
            await WebhooksArrive();
            var worked = await Work();
            if (worked is null)
                await clerk.LookAround();
            if (meddler is not null)
                await Meddle(meddler, atRest: false);
            if (worked is null && !AdvanceToNextEvent())
            {
                if (meddler is not null && await Meddle(meddler, atRest: true))
                    continue;
                await invariants.AtRest([.. buyers.Select(buyer => buyer.CheckoutId)], taps.PaymentsAsked, meddler?.Ended);
                return;
            }

            if (worked is ActivityWorkItem { Name: var name } && Invariants.MayChange(name))
                await invariants.Always();
        }

        throw new InvariantException($"The world hasn't come to rest after {StepLimit} steps.");
    }

    /// <summary>A timer of its own gives back what ended, at most a minute later.</summary>
    private async Task HoldsAreSwept()
    {
        if (clock.GetUtcNow() < nextSweep || !invariants.AnyHeld)
            return;

        nextSweep = clock.GetUtcNow().AddMinutes(1);
        await invariants.EndedHoldNothing();
        if (await stock.ExpireHolds(int.MaxValue, CancellationToken.None) > 0)
            await invariants.Always();
    }

    /// <summary>One work item, chosen by chance among those that could run; now and then time passes instead.</summary>
    private async Task<WorkItem?> Work()
    {
        if (random.Next(20) == 0)
            clock.Advance(TimeSpan.FromSeconds(random.Next(1, 30)));
        if (restarts && random.Next(20) == 0)
            engine = Boot();
        WorkItem? chosen = null;
        try
        {
            await engine.RunOneAsync(runnable => chosen = runnable[random.Next(runnable.Count)]);
            if (chosen is ActivityWorkItem activity)
                Faults.AfterResult(activity);
        }
        catch (CrashException)
        {
            engine = Boot();
        }

        return chosen;
    }

    /// <returns>Whether something was put right, or may be once more time has passed.</returns>
    private async Task<bool> Meddle(Meddler somebody, bool atRest)
    {
        var client = new LocalDurableTaskClient(engine);
        await somebody.EndSomething(client, buyers.Select(buyer => buyer.CheckoutId).ToList());
        // What was sent off has had its time: that is what reconciliation waits for.
        if (Faults.NextLate is not null || !await somebody.Reconcile(client, atRest))
            return false;

        await invariants.Always();
        return true;
    }

    private DurableEngine Boot()
    {
        var booted = new DurableEngine(store, functions, clock, NullLoggerFactory.Instance, options, Faults);
        // In memory: done before it returns.
        booted.ReleaseLeases().GetAwaiter().GetResult();
        return booted;
    }

    private bool AdvanceToNextEvent()
    {
        var next = buyers.Select(buyer => buyer.NextVisit).Append(engine.NextVisibleTime()).Append(Faults.NextLate).Append(clerk.NextVisit).Append(Payments.Refunds.NextChange).Append(webhooks.Next).Append(Faults.NextLate is null ? meddler?.NextLook : null).Min();
        if (next is not { } time)
            return false;

        clock.AdvanceTo(time);
        return true;
    }

    private async Task Visits()
    {
        Payments.Refunds.Decide();
        if (clerk.NextVisit <= clock.GetUtcNow())
            await clerk.Visit(new LocalDurableTaskClient(engine));
        foreach (var buyer in buyers.Where(buyer => buyer.NextVisit <= clock.GetUtcNow()))
        {
            var session = (await sessions.Find(buyer.CheckoutId, CancellationToken.None))!;
            Outcomes.Add((buyer.CheckoutId, session.Document.Status.ToString()));
            foreach (var tap in buyer.Visit(session.Document))
            {
                if (await taps.Admit(session, tap) is { } command)
                    await Raise(buyer.CheckoutId, command);
            }

            buyer.PlanNextVisit(clock.GetUtcNow());
            if (plot is null)
                await ShopkeeperActs();
        }
    }

    private async Task WebhooksArrive()
    {
        foreach (var (checkoutId, signal) in webhooks.Arrivals())
        {
            // As the shop does with an event for a checkout that it doesn't know.
            if (await sessions.Find(checkoutId, CancellationToken.None) is not { } session)
                continue;
            if (session.Document.Status == CheckoutStatus.ActionRequired)
                Outcomes.Add((checkoutId, "Signalled"));
            await Raise(checkoutId, signal);
        }
    }

    private async Task Raise(string checkoutId, CheckoutCommand command)
    {
        try
        {
            await new LocalDurableTaskClient(engine).RaiseEventAsync(checkoutId, CheckoutCommand.EventName, command);
        }
        catch (RpcException refusal) when (refusal.StatusCode is RpcStatusCode.FailedPrecondition)
        {
            // The checkout has ended: the HTTP layer answers from the session then.
        }
    }

    private async Task ShopkeeperActs()
    {
        if (random.Next(40) == 0)
            await shop.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE products SET unit_price = unit_price + 100", transaction: transaction));
        if (random.Next(40) == 0)
            rates.Ground += 50;
    }

    private async Task OpenCheckout(string id)
    {
        var catalog = await new Catalog(shop).Find(["TEA-100", "LAST-001", "GONE-000"], CancellationToken.None);
        // A scripted cart has nothing that is the last of its kind: what takes effect late must find something to take.
        var items = (plot is null ? random.Next(10) : 9) switch
        {
            0 => new[] { catalog["GONE-000"].Line(1) },
            < 6 => [catalog["LAST-001"].Line(1), catalog["TEA-100"].Line(random.Next(1, 4))],
            _ => [catalog["TEA-100"].Line(2)],
        };
        var session = new SessionDocument(
            id, "cart", CheckoutStatus.Cart, 1, "USD", [], new("ada@example.com"), [], null, null, null, null, null, null, null,
            0, 0, null, SessionPayment.None, null, [], clock.GetUtcNow().AddHours(24));
        var state = new CheckoutState(session, items, [], limits).Reprice();
        await sessions.Create(new(state.Session, "", JsonSerializer.Serialize(state), null), CancellationToken.None);
        await CheckoutClient.Start(new LocalDurableTaskClient(engine), state, CancellationToken.None);
        var buyer = plot is null ? new Buyer(random, id, Payments) { HasKeys = haveKeys, Code = haveCode ? WorldDatabases.SingleUseCode : null } : new ScriptedBuyer(random, id, Payments, plot.Row.Journey);
        buyer.PlanNextVisit(clock.GetUtcNow());
        buyers.Add(buyer);
    }

    private async Task CollectOutcomes()
    {
        var answers = await sessionDatabase.Read(connection =>
            connection.QueryAsync<(string Checkout, string Answer)>("SELECT checkout_id, answer FROM answers ORDER BY created_at"));
        foreach (var (checkout, answer) in answers.Select(row => (row.Checkout, Json.Read<CommandAnswer>(row.Answer))))
        {
            Answers = [.. Answers, answer];
            Outcomes.Add((checkout, answer.Code.ToString()));
            if (Invariants.IsMismatch(answer))
                Outcomes.Add((checkout, "PaymentMismatch"));
            if (answer.Errors?.Any(error => error.Pointer.StartsWith("/discounts/", StringComparison.Ordinal)) == true)
                Outcomes.Add((checkout, "DiscountLost"));
            Invariants.Fair(answer, buyers.Select(buyer => buyer.CardOf(answer.CommandKey)).FirstOrDefault(card => card is not null), Faults.Calm);
        }

        foreach (var buyer in buyers)
            Outcomes.Add((buyer.CheckoutId, (await sessions.Find(buyer.CheckoutId, CancellationToken.None))!.Document.Status.ToString()));
        var given = Payments.Refunds.All.ToLookup(refund => refund.PaymentId);
        foreach (var payment in Payments.Ledger.Values.Where(payment => payment.State == PaymentState.Refunded && !given.Contains(payment.Id)))
            Outcomes.Add((payment.Reference!, Payments.Refunds.Bounced.ContainsKey(payment.Id) ? "CompensationBounced" : "CompensatedByRefund"));
        await CollectRefunds();
        foreach (var checkout in await shop.Read(connection => connection.QueryAsync<string>(
            "SELECT o.checkout_id FROM orders o JOIN holds h ON h.hold_key = o.hold_key WHERE o.state = 'placed' AND h.expires_at > o.placed_at + @hold",
            new { hold = limits.HoldMinutes * 60_000L })))
        {
            Outcomes.Add((checkout, "HoldExtended"));
        }

        foreach (var checkout in await shop.Read(connection => connection.QueryAsync<string>("SELECT checkout_id FROM orders WHERE state = 'cancelled'")))
            Outcomes.Add((checkout, "CompensatedOrder"));
        foreach (var (checkout, activity) in Faults.AfterTheirUndo)
            Outcomes.Add((checkout, $"{activity}AfterItsUndo"));
    }

    private async Task CollectRefunds()
    {
        var failedLate = Payments.Refunds.All.Where(refund => refund.FailedLate).Select(refund => refund.RefundId).ToHashSet();
        foreach (var (order, refund, state) in await shop.Read(connection =>
            connection.QueryAsync<(string, string, string)>("SELECT order_id, refund_id, state FROM refunds")))
        {
            var instance = RefundState.InstanceOf(order, refund);
            Outcomes.Add((instance, $"Refund:{state}"));
            if (failedLate.Contains(refund))
                Outcomes.Add((instance, "RefundFailedLate"));
        }

        foreach (var (order, checkout) in await shop.Read(connection => connection.QueryAsync<(string, string)>("SELECT order_id, checkout_id FROM orders")))
            Outcomes.Add((checkout, $"Order:{(await new OrderBook(shop).Find(order, CancellationToken.None))!.State}"));
        Outcomes.UnionWith(clerk.Outcomes);
        Outcomes.UnionWith(taps.Outcomes);
        if (meddler is not null)
            Outcomes.UnionWith(meddler.Outcomes);
    }
}
