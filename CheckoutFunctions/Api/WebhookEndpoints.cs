using System.Text;
using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Api;

/// <summary>Where payment providers say that something happened. 200 means stored, or of no interest; on anything else they send it again.</summary>
public sealed class WebhookEndpoints(
    StripeSignature stripe, BraintreeSignature braintree, PaymentInbox inbox, PaymentEventDelivery delivery, ILogger<WebhookEndpoints> logger)
{
    [Function("ReceiveStripeEvent")]
    public Task<IResult> ReceiveStripeEvent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/stripe")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var body = await RequestBody.ReadBytes(request, cancellation);
        if (!stripe.IsOn(body, request.Headers["Stripe-Signature"].ToString()))
            throw new ProblemException(new("invalid_signature", "The Stripe-Signature header is missing, wrong or too old."));

        return await Receive(StripeEvents.Read(Parse(body)), client, cancellation);
    });

    [Function("ReceiveBraintreeEvent")]
    public Task<IResult> ReceiveBraintreeEvent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/braintree")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(await RequestBody.ReadBytes(request, cancellation)));
        if (form.GetValueOrDefault("bt_signature") is not [{ } signature] || form.GetValueOrDefault("bt_payload") is not [{ } payload] || !braintree.IsOn(payload, signature))
            throw new ProblemException(new("invalid_signature", "The form needs bt_payload, and a bt_signature that is right for it."));
        return await Receive(Read(payload), client, cancellation);
    });

    /// <summary>What Braintree asks before it takes the address as a destination.</summary>
    [Function("AnswerBraintreeChallenge")]
    public Task<IResult> AnswerBraintreeChallenge(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/braintree")] HttpRequest request) => Respond.To(request, logger, () =>
        Task.FromResult(braintree.AnswerTo(request.Query["bt_challenge"].ToString()) is { } answer
            ? Results.Text(answer)
            : throw new ProblemException(new("invalid_request", "The query needs bt_challenge, and the shop the keys to answer it."))));

    private async Task<IResult> Receive(PaymentEvent? payment, DurableTaskClient client, CancellationToken cancellation)
    {
        if (payment is not null && await inbox.Store(payment, cancellation))
            await delivery.Deliver(client, payment, cancellation);
        return Results.Json(new { received = true }, Json.Options);
    }

    private static PaymentEvent? Read(string payload)
    {
        try
        {
            return BraintreeNotifications.Read(payload);
        }
        catch (FormatException)
        {
            throw new ProblemException(new("invalid_request", "The payload is not a notification of Braintree's."));
        }
    }

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
