using Microsoft.AspNetCore.Http;

namespace LocalHost.HttpTriggers;

/// <summary>What callers are told while a database can't be used: 503, and when to ask again.</summary>
internal static class StoreAnswers
{
    public const string RetryAfter = "5";

    private static readonly Dictionary<string, object> Problem = new()
    {
        ["type"] = "urn:localhost:problem:store_unavailable",
        ["title"] = "The store is not available",
        ["status"] = StatusCodes.Status503ServiceUnavailable,
        ["detail"] = "The request could not be stored. Send it again later.",
        ["code"] = "store_unavailable",
    };

    public static Task Write(HttpContext http)
    {
        http.Response.Headers.RetryAfter = RetryAfter;
        return Results.Json(Problem, contentType: "application/problem+json", statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
    }
}
