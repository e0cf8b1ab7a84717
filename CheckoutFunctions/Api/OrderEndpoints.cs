using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Receipts;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Api;

public sealed class OrderEndpoints(Callers callers, ReceiptWriter receipts, ILogger<OrderEndpoints> logger)
{
    /// <summary>The order, to who holds the secret of the checkout that placed it.</summary>
    [Function("GetOrder")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/orders/{orderId}")] HttpRequest request,
        string orderId,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
        Results.Json(OrderDocument.Of(await callers.Order(request, orderId, cancellation)), Json.Options));

    /// <summary>Its receipt, with the refunds that came since.</summary>
    [Function("GetReceipt")]
    public Task<IResult> GetReceipt(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/orders/{orderId}/receipt")] HttpRequest request,
        string orderId,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        await callers.Order(request, orderId, cancellation);
        return await receipts.Find(orderId, cancellation) is { } receipt
            ? Results.File(ReceiptPdf.Draw(receipt), "application/pdf", $"receipt-{orderId}.pdf")
            : new Problem("step_not_ready", "There is no receipt: nothing was paid for this order.").ToResult();
    });
}

/// <summary>An order as its buyer sees it; amounts in minor units.</summary>
public sealed record OrderDocument(
    string OrderId,
    string CheckoutId,
    OrderState Status,
    string Currency,
    IReadOnlyList<SessionItem> Items,
    long Subtotal,
    long DiscountTotal,
    long ShippingCost,
    long TaxCost,
    long GrandTotal,
    long AmountRefunded,
    string? Email,
    Address ShippingAddress,
    string ShippingMethod,
    DateTimeOffset PlacedAt)
{
    public static OrderDocument Of(StoredOrder stored)
    {
        var order = stored.Order;
        return new(
            order.OrderId, order.CheckoutId, stored.State, order.Currency,
            order.Items.Select(item => new SessionItem(item.Sku, item.Name, item.Quantity, item.UnitPrice, item.LineTotal)).ToList(),
            order.Subtotal, order.DiscountTotal, order.ShippingCost, order.TaxCost, order.GrandTotal, stored.Refunded,
            order.Email, order.ShipTo, order.ShippingMethod, order.PlacedAt);
    }
}
