using System.Text.Json;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Reconciliation;

/// <summary>
/// Looks for what doesn't add up between the provider, the orders, the stock, the sessions and the orchestrations, and heals what is safe to heal.
/// A checkout whose orchestration goes on is never acted on. Everything it does may be done twice, at once or one after the other.
/// </summary>
public sealed class Reconciler(
    IPaymentGateway gateway, ISessionStore sessions, ReconciliationBook book, EndedCheckouts ended, WorkingCheckouts working, StuckRefunds refunds,
    CheckoutLimits limits, TimeProvider clock, ILogger<Reconciler> logger)
{
    private const int MostCheckouts = 1000;

    private const int MostForeign = 20;

    public async Task<ReconciliationReport> Look(DurableTaskClient client, bool heal, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var evidence = new Evidence(gateway, sessions, book, limits, now);
        await evidence.Gather(client, cancellation);

        var work = new Healing(heal, logger, cancellation);
        foreach (var id in evidence.Suspects.Take(MostCheckouts))
            await evidence.Ask($"checkout {id}", () => Judge(client, id, evidence, work, cancellation), cancellation);
        await evidence.Ask("refunds", () => refunds.Look(client, work, now, cancellation), cancellation);

        var found = work.Findings.ToLookup(finding => finding.Kind);
        return new ReconciliationReport(now)
        {
            Unavailable = evidence.Unavailable,
            Complete = evidence.Complete && evidence.Suspects.Count <= MostCheckouts,
            OrphanAuthorizations = [.. found[FindingKind.OrphanAuthorization]],
            CapturesWithoutOrder = [.. found[FindingKind.CaptureWithoutOrder]],
            OrdersWithoutCapture = [.. found[FindingKind.OrderWithoutCapture]],
            StaleHolds = [.. found[FindingKind.StaleHold]],
            StuckCheckouts = [.. found[FindingKind.StuckCheckout]],
            StuckRefunds = [.. found[FindingKind.StuckRefund]],
            PaymentsOfOthersCount = evidence.Foreign.Count,
            PaymentsOfOthers = evidence.Foreign.OrderByDescending(listed => listed.CreatedAt).Take(MostForeign).Select(ForeignPayment.Of).ToList(),
        };
    }

    private async Task Judge(DurableTaskClient client, string id, Evidence evidence, Healing work, CancellationToken cancellation)
    {
        var payments = evidence.Payments?[id].ToList() ?? [];
        if (await sessions.Find(id, cancellation) is not { } session)
            return;

        // Asked after everything else: one that had ended before its money was looked at is judged by what it left.
        var instance = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation);
        var since = instance?.LastUpdatedAt ?? await LastTrace(id, payments, cancellation);
        var found = new CheckoutCase(id, session.Document, instance, payments, evidence.Holds[id].ToList(), since);
        if (!found.HasEnded)
        {
            await working.Look(client, found, work, evidence.Now, cancellation);
        }
        else if (since <= evidence.Now - Evidence.Grace)
        {
            if (instance is null && session.Document is { Version: 1, Status: CheckoutStatus.Cart })
                await Start(client, found, session.Input, work, cancellation);
            else if (evidence.Payments is not null)
                await ended.Settle(client, found, work, evidence.Now, cancellation);
        }
    }

    private async Task<DateTimeOffset> LastTrace(string id, List<ListedPayment> payments, CancellationToken cancellation)
    {
        var changed = await sessions.LastChangeOf(id, cancellation);
        return payments.Select(listed => listed.CreatedAt).Append(changed).Max();
    }

    /// <summary>The process ended between the session's row and the orchestration's start.</summary>
    private static async Task Start(DurableTaskClient client, CheckoutCase found, string input, Healing work, CancellationToken cancellation) => await work.Do(
        found.Finding(FindingKind.StuckCheckout, "The checkout was opened, and its orchestration never started.") with { Deed = "start it" },
        () => CheckoutClient.Start(client, JsonSerializer.Deserialize<CheckoutState>(input)!, cancellation));
}
