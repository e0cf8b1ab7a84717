using CheckoutFunctions.Domain;
using CheckoutFunctions.Estimates;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Api;

/// <summary><c>GET /api/checkout/{id}/estimate?country=US&amp;postal_code=90210</c>: what it would cost there. Changes nothing, and answers at once.</summary>
public sealed class EstimateEndpoint(Callers callers, Estimator estimator, ILogger<EstimateEndpoint> logger)
{
    [Function("GetEstimate")]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/checkout/{id}/estimate")] HttpRequest request,
        string id,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var session = await callers.Session(request, id, cancellation);
        var place = Requests.Place(request.Query);
        return session.Document switch
        {
            { Status: CheckoutStatus.Completed } => new Problem("checkout_completed", "The checkout is completed.").ToResult(),
            { IsClosed: true } => new Problem("checkout_closed", "The checkout has ended.").ToResult(),
            _ => Results.Json(await estimator.Of(session, place, cancellation), Json.Options),
        };
    });
}
