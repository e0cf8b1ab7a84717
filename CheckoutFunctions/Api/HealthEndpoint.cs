using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Api;

/// <summary><c>GET /api/health</c>: whether the stores answer. Providers don't count: a shop without tax still sells.</summary>
public sealed class HealthEndpoint(ShopDatabase shop, ISessionStore sessions, ILogger<HealthEndpoint> logger)
{
    [Function("GetHealth")]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request,
        CancellationToken cancellation)
    {
        var checks = new Dictionary<string, string>
        {
            ["orders"] = await Check(() => shop.Read(connection => connection.ExecuteScalarAsync<long>("SELECT MAX(version) FROM schema_versions"), cancellation), cancellation),
            ["sessions"] = await Check(() => sessions.Ask(cancellation), cancellation),
        };
        var ok = checks.Values.All(check => check == "ok");
        return Results.Json(
            new { status = ok ? "ok" : "failing", checks }, Json.Options, statusCode: ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<string> Check(Func<Task> ask, CancellationToken cancellation)
    {
        try
        {
            await ask();
            return "ok";
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError(e, "A store doesn't answer");
            return "failing";
        }
    }
}
