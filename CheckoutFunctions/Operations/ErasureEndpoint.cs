using CheckoutFunctions.Api;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Retention;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Operations;

public sealed class ErasureEndpoint(CustomerErasure erasure, ILogger<ErasureEndpoint> logger)
{
    /// <summary>A customer wants to be forgotten. 200: all is done. 202: some is left, the answer says what and why; ask again then.</summary>
    [Function("EraseCustomer")]
    public Task<IResult> Erase(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/operations/customers/erase")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var fields = new Fields((await RequestBody.Read(request, cancellation)).Root);
        var email = fields.Text("email", required: true, maxLength: 254);
        var addresses = fields.Flag("orders") ?? false;
        var by = fields.Text("by", maxLength: 100);
        fields.ThrowIfWrong();

        var report = await erasure.Erase(client, email!, addresses, by, cancellation);
        logger.LogInformation(
            "{By} had customer {EmailHash} erased as {ErasureId}: {Checkouts} checkouts, {Orchestrations} orchestrations, {Orders} orders; {Left} left",
            by ?? "An operator", report.EmailHash, report.ErasureId, report.Checkouts, report.Orchestrations, report.Orders, report.Left.Count);
        return Results.Json(report, Json.Options, statusCode: report.Complete ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    });
}
