using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Orders;

namespace CheckoutFunctions.Receipts;

/// <summary>Sends each buyer the receipt, once, after the sale: however slow or broken the way of the mail, completing knows nothing of it.</summary>
public sealed class SendReceipt(ReceiptWriter receipts, SentEmails emails, PoisonMessages poison)
{
    public const string Queue = "order-placed";

    public const string EmailKind = "receipt";

    private static readonly JsonSerializerOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    /// <summary>What fails is thrown: the host brings the message again, and in the end to the poison queue, with what was noted here.</summary>
    [Function("SendReceipt")]
    public async Task Run([QueueTrigger(Queue)] string message, CancellationToken cancellation)
    {
        try
        {
            await Send(OrderIn(message) ?? throw new InvalidOperationException("The message doesn't say which order was placed."), cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            await poison.NoteFailure(Queue, message, failure, cancellation);
            throw;
        }

        await poison.Handled(Queue, message, cancellation);
    }

    /// <summary>Null: it isn't a message about an order.</summary>
    internal static string? OrderIn(string message)
    {
        try
        {
            return JsonSerializer.Deserialize<OrderPlaced>(message, AnyCase) is { OrderId: { Length: > 0 } orderId, CheckoutId.Length: > 0 } ? orderId : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task Send(string orderId, CancellationToken cancellation)
    {
        var receipt = await receipts.Find(orderId, cancellation) ?? throw new InvalidOperationException($"There is no paid order {orderId}.");
        if (receipt.Order.Email is not { Length: > 0 })
            return;

        // Read again: who was erased meanwhile gets none.
        var outcome = await emails.Send(
            new(EmailKind, orderId),
            async () => await receipts.Find(orderId, cancellation) is { Order.Email: { Length: > 0 } to } now ? Write(now, to) : null,
            cancellation);
        if (outcome == EmailOutcome.UnderWay)
            throw new InvalidOperationException($"The receipt of order {orderId} is being sent by another, who may not finish.");
    }

    private static Email Write(Receipt receipt, string to)
    {
        var order = receipt.Order;
        var text = $"""
            {(order.ShipTo.Name is { Length: > 0 } name ? $"Hello {name}," : "Hello,")}

            thank you for your order at {receipt.Shop.Name}. The receipt is attached.

            Order: {order.OrderId}
            Total: {Currencies.Text(order.GrandTotal, order.Currency)} {order.Currency}

            {(receipt.Shop.Email is { } shop ? $"Questions? Write to {shop}." : "")}
            """;
        return new(to, $"Your order at {receipt.Shop.Name}", text.TrimEnd() + "\n", new EmailAttachment($"receipt-{order.OrderId}.pdf", "application/pdf", ReceiptPdf.Draw(receipt)));
    }
}
