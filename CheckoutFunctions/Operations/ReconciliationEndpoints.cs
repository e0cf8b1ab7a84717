using System.Text.Json.Nodes;
using CheckoutFunctions.Api;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Reconciliation;
using CheckoutFunctions.Taxes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Operations;

public sealed class ReconciliationEndpoints(
    Reconciler reconciler, ReconciliationBook book, EstimatedTaxes estimates, ILogger<ReconciliationEndpoints> logger)
{
    private const string Route = "api/operations/reconciliation";

    private const int MostTaxDifferences = 100;

    /// <summary>What doesn't add up now, taxes that were estimated wrong, and what the timer found and healed last. Changes nothing.</summary>
    [Function("GetReconciliation")]
    public Task<IResult> Look(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Route)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var report = JsonNode.Parse(Json.Write(await reconciler.Look(client, heal: false, cancellation)))!;
        report["tax_differences"] = JsonNode.Parse(Json.Write(await estimates.Differences(MostTaxDifferences, cancellation)));
        report["last_run"] = await book.LastRun(cancellation) is { } last ? JsonNode.Parse(last) : null;
        return Results.Json(report, Json.Options);
    });

    /// <summary>Looks and heals now.</summary>
    [Function("Reconcile")]
    public Task<IResult> Heal(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Route)] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var report = await reconciler.Look(client, heal: true, cancellation);
        Tell(report, "an operator");
        return Results.Json(report, Json.Options);
    });

    /// <summary><c>Reconciliation__Schedule</c>. On several hosts it runs on one; a request beside it does no harm.</summary>
    [Function("ReconcileOnTime")]
    public async Task Run([TimerTrigger("%Reconciliation__Schedule%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var report = await reconciler.Look(client, heal: true, cancellation);
        Tell(report, "the timer");
        await book.Remember(report, cancellation);
    }

    private void Tell(ReconciliationReport report, string by)
    {
        foreach (var finding in report.All)
        {
            logger.LogWarning(
                "Reconciliation by {By}: {Kind} {CheckoutId} {OrderId} {PaymentId} {RefundId} since {Since:u}: {Problem} {Deed} healed: {Healed} {WhyNot}",
                by, finding.Kind, finding.CheckoutId, finding.OrderId, finding.PaymentId, finding.RefundId, finding.Since, finding.Problem, finding.Deed, finding.Healed, finding.WhyNot);
        }

        if (report.Unavailable.Count > 0)
            logger.LogWarning("Reconciliation by {By} could not look at everything: {Unavailable}", by, string.Join(" ", report.Unavailable));
        if (report.PaymentsOfOthersCount > 0)
            logger.LogInformation("{Count} live payments belong to checkouts that aren't of this shop; they are left alone", report.PaymentsOfOthersCount);
    }
}
