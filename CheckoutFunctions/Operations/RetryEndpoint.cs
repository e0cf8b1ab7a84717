using CheckoutFunctions.Api;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Operations;

public sealed class RetryEndpoint(CheckoutClient checkouts, ISessionStore sessions, ILogger<RetryEndpoint> logger)
{
    /// <summary>An operator's word to a parked checkout: try the compensation again now. Under one key, once.</summary>
    [Function("RetryCheckout")]
    public Task<IResult> Retry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/operations/checkouts/{id}/retry")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var body = await RequestBody.Read(request, cancellation);
        var session = await sessions.Find(id, cancellation) ?? throw new ProblemException(new("checkout_not_found", "The id is unknown."));
        var command = IdempotencyKey.Command(request, body, CommandKind.Retry);
        // Written down before it is raised, and raised again by a repeat: whatever ends in between, it happens, and once.
        await sessions.Save(new(session.Document, new(command.Key, command.RequestHash, AnswerCode.Ok, session.Document, Detail: command.RequestId)), cancellation);
        var answer = await sessions.FindAnswer(id, command.Key, cancellation) ?? throw new InvalidOperationException("An answer was written and can't be found.");
        if (answer.RequestHash != command.RequestHash)
            return IdempotencyKey.Conflict.ToResult();

        await checkouts.Raise(client, session, command with { RequestId = command.Key }, cancellation);
        logger.LogInformation("An operator retries checkout {CheckoutId}", id);
        var accepted = Results.Json(new { checkout_id = id, answer.Session.Status }, Json.Options, statusCode: StatusCodes.Status202Accepted);
        return answer.Detail == command.RequestId ? accepted : new WithHeaders(accepted, Respond.Replayed);
    });
}
