using CheckoutFunctions.Checkout;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Api;

/// <summary>The storefront's calls on one checkout: parse, send the command, answer.</summary>
public sealed class CheckoutEndpoints(Callers callers, CheckoutClient checkouts, ISessionStore sessions, ILogger<CheckoutEndpoints> logger)
{
    [Function("GetCheckout")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/checkout/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var session = (await callers.Session(request, id, cancellation)).Document;
        return Respond.IsKnown(request, session)
            ? new WithHeaders(Results.StatusCode(StatusCodes.Status304NotModified), ("ETag", Respond.ETag(session)))
            : Respond.Session(session);
    });

    [Function("PutCustomer")]
    public Task<IResult> PutCustomer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/checkout/{id}/customer")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) =>
        Send(request, id, client, (body, _) => IdempotencyKey.Command(request, body, CommandKind.SetCustomer) with { Customer = Requests.Customer(body) }, cancellation);

    [Function("PutDiscounts")]
    public Task<IResult> PutDiscounts(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/checkout/{id}/discounts")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) =>
        Send(request, id, client, (body, _) => IdempotencyKey.Command(request, body, CommandKind.SetDiscounts) with { DiscountCodes = Requests.DiscountCodes(body) }, cancellation);

    [Function("PutShippingAddress")]
    public Task<IResult> PutShippingAddress(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/checkout/{id}/shipping-address")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) =>
        Send(request, id, client, (body, _) => IdempotencyKey.Command(request, body, CommandKind.SetShippingAddress) with { ShippingAddress = Requests.Address(body) }, cancellation);

    [Function("PutShippingMethod")]
    public Task<IResult> PutShippingMethod(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/checkout/{id}/shipping-method")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) =>
        Send(request, id, client, (body, _) => IdempotencyKey.Command(request, body, CommandKind.SetShippingMethod) with { ShippingMethod = Requests.ShippingMethod(body) }, cancellation);

    [Function("CompleteCheckout")]
    public Task<IResult> Complete(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/checkout/{id}/complete")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) =>
        Send(request, id, client, (body, session) => IdempotencyKey.PayCommand(request, body, Requests.Complete(body), session), cancellation);

    [Function("CancelCheckout")]
    public Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/checkout/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) =>
        Send(request, id, client, (body, _) => IdempotencyKey.Command(request, body, CommandKind.Cancel), cancellation);

    private Task<IResult> Send(
        HttpRequest request, string id, DurableTaskClient client, Func<RequestBody, SessionDocument, CheckoutCommand> parse, CancellationToken cancellation) =>
        Respond.To(request, logger, async () =>
        {
            var body = await RequestBody.Read(request, cancellation);
            var session = await callers.Session(request, id, cancellation);
            var command = parse(body, session.Document);
            var sent = await checkouts.Send(client, session, command, cancellation);
            if (sent.Conflicts)
                return IdempotencyKey.Conflict.ToResult();

            var current = sent.Answer is null ? await sessions.Find(id, cancellation) ?? session : session;
            return Respond.Command(sent, current.Document);
        });
}
