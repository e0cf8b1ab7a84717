using System.Text.Json;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Receipts;
using CheckoutFunctions.Reminders;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Retention;

/// <summary>
/// Takes a customer out of all that is over: histories, answers, sessions, orders. What goes on is left, and named: money is at stake there. Each checkout is
/// done in an order in which what was cut off is found again, so that asking once more completes it.
/// </summary>
public sealed class CustomerErasure(
    ISessionStore sessions, ISessionArchive archive, OrderArchive orders, CheckoutInstances instances, IMailer mailer, SentEmails emails, PoisonMessages poison, ErasureBook book, TimeProvider clock)
{
    /// <summary>What a worker that died was at may still be written.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>So long reconciliation may put right what an orchestration left that was cut off; it needs the address for that.</summary>
    private static readonly TimeSpan Reconciled = TimeSpan.FromDays(10);

    /// <param name="addresses">Also the name and the street on orders, which many countries' laws want kept.</param>
    /// <param name="by">Who asks.</param>
    public async Task<ErasureReport> Erase(DurableTaskClient client, string email, bool addresses, string? by, CancellationToken cancellation)
    {
        var hash = ErasureBook.HashOf(email);
        var found = await Find(email, hash, cancellation);
        var id = Secrets.NewId("era_");
        await book.Begin(id, hash, by, [.. found.Values.SelectMany(ordered => ordered).Select(order => order.OrderId)], cancellation);

        var report = new ErasureReport(id, hash, 0, 0, 0, addresses, []);
        foreach (var (checkout, ordered) in found)
            report = await Erase(client, checkout, ordered, report, cancellation);
        await book.End(report, cancellation);
        return report;
    }

    /// <summary>The customer's checkouts, each with its orders: by what sessions say, by what orders say, and by what earlier erasures found.</summary>
    private async Task<SortedDictionary<string, List<CheckoutOrder>>> Find(string email, string hash, CancellationToken cancellation)
    {
        var found = new SortedDictionary<string, List<CheckoutOrder>>(StringComparer.Ordinal);
        await foreach (var checkout in archive.Mentioning(email, cancellation))
            found[checkout] = await orders.Of(checkout, cancellation);

        var ordered = await orders.OfCustomer(email, cancellation);
        var earlier = await orders.Named(await book.OrdersOf(hash, cancellation), cancellation);
        foreach (var order in ordered.Concat(earlier).Where(order => !found.ContainsKey(order.CheckoutId)).ToList())
            found[order.CheckoutId] = await orders.Of(order.CheckoutId, cancellation);
        return found;
    }

    private async Task<ErasureReport> Erase(
        DurableTaskClient client, string checkout, IReadOnlyList<CheckoutOrder> ordered, ErasureReport report, CancellationToken cancellation)
    {
        var session = await sessions.Find(checkout, cancellation);
        var traces = await instances.Of(client, checkout, ordered, cancellation);
        if (WhyNot(session?.Document, traces, clock.GetUtcNow()) is { } why)
            return report with { Left = [.. report.Left, new(checkout, why)] };

        // The session last: by it the rest is found again.
        await traces.Purge(client, cancellation);
        await mailer.Forget(new(AbandonedCheckouts.Kind, checkout), cancellation);
        foreach (var order in ordered)
        {
            // From here on no receipt is begun; one that is under way is waited for.
            await orders.Erase(order.OrderId, report.AddressesOfOrders, cancellation);
            var receipt = new EmailKey(SendReceipt.EmailKind, order.OrderId);
            if (await emails.IsUnderWay(receipt, cancellation))
                return report with { Left = [.. report.Left, new(checkout, "Its receipt is being sent; ask again in a minute.")] };
            await mailer.Forget(receipt, cancellation);
            await poison.Erase(order.OrderId, cancellation);
        }

        if (session is not null)
            await archive.Replace(Clean(session.Document) with { Version = session.Document.Version + 1 }, CleanInput(session.Input), cancellation);
        return report with
        {
            Checkouts = report.Checkouts + (session is null ? 0 : 1),
            Orchestrations = report.Orchestrations + traces.All.Count(),
            Orders = report.Orders + ordered.Count,
        };
    }

    private static string? WhyNot(SessionDocument? session, CheckoutTraces traces, DateTimeOffset now) => (session, traces) switch
    {
        ({ Status: CheckoutStatus.NeedsAttention }, _) => "It waits for an operator.",
        ({ IsClosed: false }, _) => $"It is still open, and ends by itself: if nobody pays, at {session.ExpiresAt:u}.",
        (_, { OpenRefund: { } refund }) => $"Refund {refund.RefundId} is not settled.",
        (_, { AtWork: { } instance }) => $"The orchestration {instance.InstanceId} is at work: what follows the sale, or 30 days of seeing that money given back stays with the buyer.",
        (_, { WasCutOff: true, LastUpdate: { } last }) when last > now - Reconciled => $"Its orchestration was cut off; until {last + Reconciled:u} reconciliation may have to bring it to its end.",
        (_, { LastUpdate: { } last }) when last > now - Grace => $"It ended only just; ask again after {last + Grace:u}.",
        _ => null,
    };

    /// <summary>Without whoever it was, and with what the amounts rest on.</summary>
    private static SessionDocument Clean(SessionDocument session) => session with
    {
        Customer = null,
        ShippingAddress = session.ShippingAddress?.OnlyForTax(OrderArchive.Erased),
        AddressCheck = null,
        Payment = session.Payment with { Action = null },
        Messages = [],
    };

    /// <summary>What it was started with: its buyer may have been named already.</summary>
    private static string CleanInput(string input)
    {
        try
        {
            return JsonSerializer.Deserialize<CheckoutState>(input) is { Session: { } session } state ? JsonSerializer.Serialize(state with { Session = Clean(session) }) : "{}";
        }
        catch (JsonException)
        {
            return "{}";
        }
    }
}
