using CheckoutFunctions.Api;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Refunds;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Operations;

public sealed class RefundEndpoints(RefundClient desk, RefundBook refunds, OrderBook orders, ILogger<RefundEndpoints> logger)
{
    private static readonly Problem UnknownRefund = new("refund_not_found", "The order or the refund is unknown.");

    /// <summary>Gives back an amount, or all that is left. The answer says that it is on its way; the list says how it went.</summary>
    [Function("RefundOrder")]
    public Task<IResult> Refund(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/operations/orders/{orderId}/refund")] HttpRequest request,
        string orderId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var body = await RequestBody.Read(request, cancellation);
        var wanted = Parse(body, orderId, IdempotencyKey.Of(request));
        var gate = await desk.Request(client, wanted, cancellation);
        switch (gate?.Outcome)
        {
            case null:
                return new Problem("order_not_paid", "The order's money has not been taken yet.").ToResult();
            case RefundGateOutcome.UnknownOrder:
                return new Problem("order_not_found", "The order is unknown.").ToResult();
            case RefundGateOutcome.OrderCancelled:
                return new Problem("order_not_paid", "The order was cancelled.").ToResult();
            case RefundGateOutcome.ExceedsOrder:
                return new Problem("refund_exceeds_order", $"At most {gate.Left} can still be refunded.") { Extensions = { ["refundable"] = gate.Left } }.ToResult();
            case RefundGateOutcome.ExceedsSold:
                return new Problem("restock_exceeds_sold", $"{gate.Sku}: at most {gate.Left} can still come back.").ToResult();
            case RefundGateOutcome.Repeated when gate.Refund!.RequestHash != wanted.RequestHash:
                return IdempotencyKey.Conflict.ToResult();
        }

        var refund = gate.Refund!;
        if (gate.Outcome == RefundGateOutcome.Accepted)
            logger.LogInformation("An operator refunds {Amount} {Currency} of order {OrderId} as {RefundId}", refund.Amount, refund.Currency, orderId, refund.RefundId);
        // As it was when it was asked for, so that a repeat gets the same answer.
        var accepted = new WithHeaders(
            Results.Json(RefundDocument.Of(refund with { Status = RefundStatus.Requested, ProviderId = null, Detail = null }), Json.Options, statusCode: StatusCodes.Status202Accepted),
            ("Location", $"/api/operations/orders/{orderId}/refunds"));
        return gate.Outcome == RefundGateOutcome.Repeated ? new WithHeaders(accepted, ("Idempotent-Replayed", "true")) : accepted;
    });

    [Function("ListRefunds")]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/operations/orders/{orderId}/refunds")] HttpRequest request,
        string orderId,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        if (await orders.Find(orderId, cancellation) is not { } order)
            return new Problem("order_not_found", "The order is unknown.").ToResult();
        var all = await refunds.Of(orderId, cancellation);
        return Results.Json(new { order_id = orderId, order.Order.Currency, order.Order.GrandTotal, amount_refunded = order.Refunded, refunds = all.Select(RefundDocument.Of) }, Json.Options);
    });

    /// <summary>An operator's word to a parked refund: try again now.</summary>
    [Function("RetryRefund")]
    public Task<IResult> Retry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/operations/orders/{orderId}/refunds/{refundId}/retry")] HttpRequest request,
        string orderId,
        string refundId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        if (await refunds.Find(orderId, refundId, cancellation) is not { } refund)
            return UnknownRefund.ToResult();
        await desk.Retry(client, refund, Secrets.NewId("req_"), cancellation);
        logger.LogInformation("An operator retries refund {RefundId}", refundId);
        return Results.Json(RefundDocument.Of(refund), Json.Options, statusCode: StatusCodes.Status202Accepted);
    });

    private static RefundRequest Parse(RequestBody body, string orderId, string? key)
    {
        var fields = new Fields(body.Root);
        var amount = fields.Integer("amount", 1, long.MaxValue);
        var reason = fields.Text("reason", required: true, maxLength: 500);
        var restock = !fields.Has("restock") ? null : fields.Objects("restock", 0, 100)
            .Select(line => new RefundLine(line.Text("sku", required: true, maxLength: 64) ?? "", (int)(line.Integer("quantity", 1, 999, required: true) ?? 0)))
            .GroupBy(line => line.Sku, StringComparer.Ordinal)
            .Select(lines => lines.First() with { Quantity = lines.Sum(line => line.Quantity) })
            .ToList();
        fields.ThrowIfWrong();
        // One key for two orders is two requests.
        return new(Secrets.NewId("ref_"), orderId, amount, reason!, restock, key is null ? null : Secrets.Hash($"refund:{orderId}:{key}"), body.Hash);
    }
}

/// <summary>A refund as operators see it; amounts in minor units.</summary>
public sealed record RefundDocument(
    string RefundId, string OrderId, RefundStatus Status, string Currency, long Amount, long Tax, string Reason, IReadOnlyList<RefundLine> Restock,
    string? ProviderId, string? Detail, DateTimeOffset RequestedAt)
{
    public static RefundDocument Of(StoredRefund refund) => new(
        refund.RefundId, refund.OrderId, refund.Status, refund.Currency, refund.Amount, refund.Tax, refund.Reason, refund.Restock,
        refund.ProviderId, refund.Detail, refund.RequestedAt);
}
