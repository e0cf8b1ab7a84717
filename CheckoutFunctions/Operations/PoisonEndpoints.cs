using System.Globalization;
using CheckoutFunctions.Api;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Receipts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Operations;

public sealed class PoisonEndpoints(PoisonMessages poison, ILogger<PoisonEndpoints> logger)
{
    private const int MostListed = 100;

    /// <summary>Messages that kept failing, newest first.</summary>
    [Function("ListPoisonMessages")]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/operations/queues/poison")] HttpRequest request,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var limit = Limit(request);
        var messages = await poison.List(limit + 1, Cursor(request), cancellation);
        var page = messages.Take(limit).ToList();
        return Results.Json(new { messages = page, next_cursor = messages.Count > limit ? PoisonCursor.Of(page[^1]).ToString() : null }, Json.Options);
    });

    /// <summary>Puts a message back on its queue. Again and again is harmless: whatever it asks for is done once.</summary>
    [Function("RetryPoisonMessage")]
    public async Task<RetriedMessage> Retry(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/operations/queues/poison/{id}/retry")] HttpRequest request,
        string id,
        CancellationToken cancellation)
    {
        PoisonMessage? retried = null;
        var answer = await Respond.To(request, logger, async () =>
        {
            retried = await poison.Retry(id, cancellation) ?? throw new ProblemException(new("poison_message_not_found", "The id is unknown."));
            logger.LogInformation("An operator retries message {PoisonId} about order {OrderId}", retried.Id, retried.OrderId ?? "unknown");
            return Results.Json(retried, Json.Options, statusCode: StatusCodes.Status202Accepted);
        });
        return new(answer, retried?.Body);
    }

    private static int Limit(HttpRequest request) => request.Query["limit"].ToString() is not { Length: > 0 } text ? 20
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostListed ? limit
        : throw new ProblemException(new("invalid_request", $"limit must be a whole number from 1 to {MostListed}."));

    private static PoisonCursor? Cursor(HttpRequest request) => request.Query["cursor"].ToString() is not { Length: > 0 } text ? null
        : PoisonCursor.Read(text) ?? throw new ProblemException(new("invalid_request", "cursor must be the next_cursor of an earlier answer."));
}

/// <summary>The caller's answer, and what goes to the queue; null: nothing.</summary>
public sealed record RetriedMessage([property: HttpResult] IResult Answer, [property: QueueOutput(SendReceipt.Queue)] string? Message);
