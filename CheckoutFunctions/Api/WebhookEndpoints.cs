using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Api;

/// <summary>Where payment providers say that something happened. 200 means stored, or of no interest; on anything else they send it again.</summary>
public sealed class WebhookEndpoints(StripeSignature signature, PaymentInbox inbox, PaymentEventDelivery delivery, ILogger<WebhookEndpoints> logger)
{
    [Function("ReceiveStripeEvent")]
    public Task<IResult> ReceiveStripeEvent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/stripe")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var body = await RequestBody.ReadBytes(request, cancellation);
        if (!signature.IsOn(body, request.Headers["Stripe-Signature"].ToString()))
            throw new ProblemException(new("invalid_signature", "The Stripe-Signature header is missing, wrong or too old."));

        if (StripeEvents.Read(Parse(body)) is { } payment && await inbox.Store(payment, cancellation))
            await delivery.Deliver(client, payment, cancellation);
        return Results.Json(new { received = true }, Json.Options);
    });

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            throw new ProblemException(new("invalid_request", "The body is not JSON."));
        }
    }
}
