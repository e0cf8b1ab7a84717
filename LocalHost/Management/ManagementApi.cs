using LocalHost.HttpTriggers;
using LocalHost.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace LocalHost.Management;

/// <summary>
/// The Durable Task extension's management API, with its paths, status codes, headers and bodies: tools for Durable Functions
/// talk to this host as they do to any other. All of it needs the operator key.
/// </summary>
internal sealed class ManagementApi(
    Starts starts, Statuses statuses, Controls controls, Purges purges, OperatorKey key, StoreHealth health, ILogger<ManagementApi> logger)
{
    public const string Path = "/runtime/webhooks/durabletask";

    private readonly ManagementRoute[] routes =
    [
        new("POST", "orchestrators/{function}/{id?}", starts.Start),
        new("GET", "instances", statuses.List),
        new("DELETE", "instances", purges.ByFilter),
        new("GET", "instances/{id}", statuses.Get),
        new("DELETE", "instances/{id}", purges.One),
        new("POST", "instances/{id}/raiseEvent/{event}", controls.RaiseEvent),
        new("POST", "instances/{id}/terminate", controls.Terminate),
        new("POST", "instances/{id}/suspend", controls.Suspend),
        new("POST", "instances/{id}/resume", controls.Resume),
        new("POST", "instances/{id}/rewind", controls.Rewind),
        new("POST", "instances/{id}/restart", starts.Restart),
    ];

    public async Task Answer(HttpContext http)
    {
        if (!key.Opens(http.Request))
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (RouteOf(http, out var values) is not { } route)
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        else
            await Run(route, new ManagementCall(http, values));
    }

    private ManagementRoute? RouteOf(HttpContext http, out RouteValueDictionary values)
    {
        foreach (var route in routes)
        {
            if (route.Matches(http.Request, out values))
                return route;
        }

        values = [];
        return null;
    }

    private async Task Run(ManagementRoute route, ManagementCall call)
    {
        try
        {
            await (await route.Answer(call)).ExecuteAsync(call.Http);
        }
        catch (OperationCanceledException) when (call.Gone.IsCancellationRequested)
        {
            logger.LogDebug("The caller of {Path} has gone.", call.Http.Request.Path);
        }
        catch (Exception exception) when (!call.Http.Response.HasStarted && StoreFault.IsUnavailable(exception))
        {
            health.Failed(exception);
            call.Http.Response.Headers.RetryAfter = StoreAnswers.RetryAfter;
            await ManagementAnswers.Error(StatusCodes.Status503ServiceUnavailable, "The store is not available").ExecuteAsync(call.Http);
        }
        catch (Exception exception) when (!call.Http.Response.HasStarted)
        {
            logger.LogError(exception, "{Method} {Path} failed.", route.Method, call.Http.Request.Path);
            await ManagementAnswers.Error(StatusCodes.Status500InternalServerError, "Something went wrong while processing your request").ExecuteAsync(call.Http);
        }
    }
}
