using CheckoutFunctions.Checkout;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Reconciliation;

/// <summary>What each side says, gathered before anything is judged. A side that can't be asked is named, and the rest goes on.</summary>
internal sealed class Evidence(IPaymentGateway gateway, ISessionStore sessions, ReconciliationBook book, CheckoutLimits limits, DateTimeOffset now)
{
    /// <summary>
    /// How long nothing may be touched: what an ended orchestration had sent off may still take effect in this time, as a worker's death shows to others
    /// only after five minutes. Nobody's health depends on it: what comes later yet finds its checkout closed.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Authorizations live for seven days.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(8);

    /// <summary>Of each kind, in one look; the newest first, so that in a busy shop each is looked at several times before it leaves the window.</summary>
    private const int MostPayments = 10_000;

    private const int MostOrders = 10_000;

    private const int Most = 500;

    public DateTimeOffset Now => now;

    public List<string> Unavailable { get; } = [];

    public bool Complete { get; private set; } = true;

    /// <summary>Null: the provider can't be asked, and nothing that depends on money may be judged.</summary>
    public ILookup<string, ListedPayment>? Payments { get; private set; }

    public ILookup<string, LiveHold> Holds { get; private set; } = Array.Empty<LiveHold>().ToLookup(hold => hold.CheckoutId);

    /// <summary>Checkouts to look into, each once.</summary>
    public HashSet<string> Suspects { get; } = new(StringComparer.Ordinal);

    /// <summary>Live payments of checkouts that aren't ours.</summary>
    public List<ListedPayment> Foreign { get; } = [];

    public async Task Gather(DurableTaskClient client, CancellationToken cancellation)
    {
        await Ask("payments", () => AskProvider(cancellation), cancellation);
        await Ask("orders", () => AskOrders(cancellation), cancellation);
        await Ask("checkouts", () => SetForeignAside(cancellation), cancellation);
        await Ask("holds", () => AskStock(cancellation), cancellation);
        await Ask("sessions", async () => Suspects.UnionWith(Bounded(await sessions.Waiting(now - Grace, now - limits.Expiry, Most, cancellation), Most * 2)), cancellation);
        await Ask("orchestrations", () => AskOrchestrations(client), cancellation);
    }

    public async Task Ask(string part, Func<Task> ask, CancellationToken cancellation)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Unavailable.Add($"{part}: {Healing.Reason(e)}");
        }
    }

    private async Task AskProvider(CancellationToken cancellation)
    {
        var listed = new List<ListedPayment>();
        await foreach (var payment in gateway.List(now - Window, cancellation))
        {
            if (listed.Count == MostPayments)
            {
                Complete = false;
                break;
            }

            listed.Add(payment);
        }

        Payments = listed.Where(one => one.Payment.Reference is not null).ToLookup(one => one.Payment.Reference!, StringComparer.Ordinal);
    }

    /// <summary>Every payment that holds or took money must have its order, and every order its payment; most have, and need no further look.</summary>
    private async Task AskOrders(CancellationToken cancellation)
    {
        if (Payments is null)
            return;

        // A little less than the payments: an order's payment is registered at the moment that its buyer pays, by the provider's clock.
        var orders = Bounded(await book.OrdersBetween(now - Window + TimeSpan.FromHours(1), now - Grace, MostOrders, cancellation), MostOrders);
        var paid = orders.ToDictionary(order => order.PaymentId, StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (payment, created) in Payments.SelectMany(group => group))
        {
            known.Add(payment.Id);
            var order = paid.GetValueOrDefault(payment.Id);
            if (created <= now - Grace && (order is null ? payment.HoldsMoney : !payment.Pays(order)))
                Suspects.Add(order?.CheckoutId ?? payment.Reference!);
        }

        if (Complete)
            Suspects.UnionWith(orders.Where(order => !known.Contains(order.PaymentId)).Select(order => order.CheckoutId));
    }

    /// <summary>Of a shared account every payment of the others looks like one without an order, and there may be many.</summary>
    private async Task SetForeignAside(CancellationToken cancellation)
    {
        foreach (var ids in Suspects.Chunk(Most).ToList())
        {
            var known = await sessions.KnownOf(ids, cancellation);
            foreach (var id in ids.Where(id => !known.Contains(id)))
            {
                Suspects.Remove(id);
                Foreign.AddRange(Payments![id].Where(listed => listed.Payment.HoldsMoney));
            }
        }
    }

    private async Task AskStock(CancellationToken cancellation)
    {
        Holds = Bounded(await book.LiveHolds(Most, cancellation), Most).ToLookup(hold => hold.CheckoutId, StringComparer.Ordinal);
        Suspects.UnionWith(Holds.Select(group => group.Key));
    }

    private async Task AskOrchestrations(DurableTaskClient client)
    {
        var died = new OrchestrationQuery(
            CreatedFrom: now - Window, Statuses: [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated], InstanceIdPrefix: CheckoutPrefix);
        // Every checkout has ended by then, but for those that keep trying or wait for an operator.
        var overdue = new OrchestrationQuery(
            CreatedFrom: now - Window - limits.Expiry, CreatedTo: now - limits.Expiry - TimeSpan.FromHours(1),
            Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended], InstanceIdPrefix: CheckoutPrefix);
        foreach (var query in new[] { died, overdue })
        {
            var count = 0;
            await foreach (var instance in client.GetAllInstancesAsync(query))
            {
                if (++count > Most)
                {
                    Complete = false;
                    break;
                }

                Suspects.Add(CheckoutClient.CheckoutOf(instance.InstanceId));
            }
        }
    }

    private List<T> Bounded<T>(List<T> found, int most)
    {
        Complete &= found.Count < most;
        return found;
    }

    private const string CheckoutPrefix = "chk_";
}

internal static class PaymentFacts
{
    extension(Payment payment)
    {
        /// <summary>Held, taken and not given back, or one confirmation away from it.</summary>
        public bool HoldsMoney => payment.State switch
        {
            PaymentState.Authorized or PaymentState.ActionRequired or PaymentState.Processing => true,
            PaymentState.Captured => payment.Captured > payment.Refunded,
            _ => false,
        };

        /// <summary>Exactly the order's total was taken for its checkout, and no more given back than the books say.</summary>
        public bool Pays(BookedOrder order) => payment.State is PaymentState.Captured or PaymentState.Refunded
            && payment.Captured == order.Total && payment.Currency == order.Currency && payment.Reference == order.CheckoutId && payment.Refunded <= order.Refunds;
    }
}
