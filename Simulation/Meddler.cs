using CheckoutFunctions.Checkout;
using CheckoutFunctions.Database;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Reconciliation;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Simulation;

/// <summary>Somebody with the management API's key ends orchestrations at random moments; and the timer that reconciles, at times and at the end.</summary>
internal sealed class Meddler
{
    private readonly Random random;
    private readonly ISessionStore sessions;
    private readonly SimulatedPayments payments;
    private readonly ManualTimeProvider clock;
    private readonly Reconciler reconciler;
    private readonly HashSet<string> ended = [];
    private int looksLeft = 10;
    private int looksAtRest = 20;

    public Meddler(Random random, ShopDatabase shop, SessionDatabase sessionDatabase, ISessionStore sessions, SimulatedPayments payments, ManualTimeProvider clock)
    {
        (this.random, this.sessions, this.payments, this.clock) = (random, sessions, payments, clock);
        var (orders, stock, refunds, book, limits) =
            (new OrderBook(shop), new Stock(shop, clock), new RefundBook(shop, clock), new ReconciliationBook(shop), new CheckoutLimits());
        var checkouts = new CheckoutClient(sessions, new SqlCommandKeys(sessionDatabase, clock), new SessionSignals(), clock);
        reconciler = new Reconciler(
            payments, sessions, book, new EndedCheckouts(payments, orders, stock, book, new CheckoutEnding(sessions, book)), new WorkingCheckouts(checkouts, sessions, stock, limits),
            new StuckRefunds(refunds, new RefundClient(refunds, orders, sessions)), limits, clock, NullLogger<Reconciler>.Instance);
        NextLook = clock.GetUtcNow().AddMinutes(random.Next(5, 60));
    }

    public DateTimeOffset? NextLook { get; private set; }

    public IReadOnlySet<string> Ended => ended;

    /// <summary>What was put right, by checkout.</summary>
    public HashSet<(string Checkout, string Outcome)> Outcomes { get; } = [];

    public async Task EndSomething(DurableTaskClient client, IReadOnlyList<string> checkoutIds)
    {
        if (ended.Count == 2 || random.Next(15) > 0)
            return;

        var id = checkoutIds[random.Next(checkoutIds.Count)];
        var isPaying = (await sessions.Find(id, CancellationToken.None))!.Document.Status is CheckoutStatus.Paying or CheckoutStatus.ActionRequired;
        // Money that the provider holds for another reference is nobody's that could be found by it.
        if ((!isPaying && random.Next(20) > 0) || payments.Ledger.Values.Any(payment => payment.Reference != id && payment.Reference!.StartsWith(id, StringComparison.Ordinal)))
            return;

        if (await client.GetInstanceAsync(id, CancellationToken.None) is { IsRunning: true })
        {
            await client.TerminateInstanceAsync(id, "by hand", CancellationToken.None);
            ended.Add(id);
        }
    }

    /// <param name="atRest">Nothing else will happen: time passes until there is nothing left to put right.</param>
    /// <returns>Whether it looked.</returns>
    public async Task<bool> Reconcile(DurableTaskClient client, bool atRest)
    {
        if (atRest ? looksAtRest-- == 0 : NextLook is null || NextLook > clock.GetUtcNow())
            return false;

        if (atRest)
            clock.Advance(TimeSpan.FromMinutes(15));
        else
            NextLook = --looksLeft > 0 ? clock.GetUtcNow().AddMinutes(random.Next(10, 600)) : null;
        var report = await reconciler.Look(client, heal: true, CancellationToken.None);
        foreach (var finding in report.All.Where(finding => finding.Healed == true))
            Outcomes.Add((finding.CheckoutId!, $"Healed: {finding.Deed}"));
        if (report.Unavailable.Count > 0)
            throw new InvariantException($"Reconciliation could not look: {string.Join(' ', report.Unavailable)}");
        return !atRest || report.All.Any(finding => finding.Healed == true) || looksAtRest == 19;
    }
}
