using CheckoutFunctions.Api;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Operations;

public sealed class RetryEndpoint(CheckoutClient checkouts, ISessionStore sessions, ILogger<RetryEndpoint> logger)
{
    /// <summary>An operator's word to a parked checkout: try the compensation again now.</summary>
    [Function("RetryCheckout")]
    public Task<IResult> Retry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/operations/checkouts/{id}/retry")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var session = await sessions.Find(id, cancellation) ?? throw new ProblemException(new("checkout_not_found", "The id is unknown."));
        var requestId = Secrets.NewId("req_");
        await checkouts.Raise(client, session, new CheckoutCommand(CommandKind.Retry, requestId, requestId, ""), cancellation);
        logger.LogInformation("An operator retries checkout {CheckoutId}", id);
        return Results.Json(new { checkout_id = id, session.Document.Status }, Json.Options, statusCode: StatusCodes.Status202Accepted);
    });
}
