using LocalHost.Functions;
using LocalHost.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace LocalHost.HttpTriggers;

/// <summary>
/// Answers requests with HTTP functions, as the Functions host does: the first function in alphabetical order whose route and
/// method fit takes the request; none is 404, never 405; an unhandled exception is a bare 500.
/// </summary>
internal sealed class HttpFunctions(
    FunctionCatalog functions, FunctionInvoker invoker, OperatorKey key, HostJson host, IInlineConstraintResolver constraints, StoreHealth health,
    ILogger<HttpFunctions> logger)
{
    private readonly HttpRoute[] routes =
        [.. functions.Of(FunctionKind.Http).Select(function => new HttpRoute(function, host.RoutePrefix, constraints))];

    public async Task Answer(HttpContext http)
    {
        if (RouteOf(http) is not { } route)
            await AnswerWithoutFunction(http);
        else if (route.Level != AuthorizationLevel.Anonymous && !key.Opens(http.Request))
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            await Run(route.Function, http);
    }

    // The root is the host's own page, whatever the method: it shows that the host is up.
    private static async Task AnswerWithoutFunction(HttpContext http)
    {
        if (http.Request.Path.Value is not (null or "" or "/"))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = "text/html";
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.WriteAsync("<!DOCTYPE html><html><head><title>LocalHost</title></head><body>LocalHost is running.</body></html>");
    }

    private HttpRoute? RouteOf(HttpContext http)
    {
        foreach (var route in routes)
        {
            var values = new RouteValueDictionary();
            if (!route.Matches(http, values))
                continue;
            http.Request.RouteValues = values;
            return route;
        }

        return null;
    }

    private async Task Run(LocalFunction function, HttpContext http)
    {
        try
        {
            await using var invocation = invoker.Begin(function, TriggerInput.Of(http, await RequestBody.Load(function, http)), http.RequestAborted);
            await Write(await invocation.Run(), http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("The caller of function '{Function}' has gone.", function.Name);
        }
        catch (Exception exception)
        {
            if (StoreFault.IsUnavailable(exception))
                health.Failed(exception);
            else
                logger.LogError(exception, "Function '{Function}' failed.", function.Name);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            if (StoreFault.IsUnavailable(exception))
                await StoreAnswers.Write(http);
            else
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    // A plain object is not written, as on Azure: functions return results.
    private static Task Write(object? value, HttpContext http) => value switch
    {
        IResult result => result.ExecuteAsync(http),
        IActionResult result => result.ExecuteResultAsync(new ActionContext(http, new RouteData(http.Request.RouteValues), new ActionDescriptor())),
        _ => Task.CompletedTask,
    };
}
