using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Calls;

namespace Sandbox.Webhooks;

/// <summary><c>/_sandbox/webhooks</c>: what was sent, and how events are sent from now on.</summary>
internal static class WebhookApi
{
    private const int LongestDelay = 600_000;

    public static void Map(IEndpointRouteBuilder control)
    {
        control.MapGet("webhooks", async (HttpContext http, WebhookEndpoint endpoint, Database database) =>
            await Show(endpoint.Current, await database.Run(connection => connection.LatestWebhooks())).Send(http));
        control.MapPost("webhooks", async (HttpContext http, WebhookEndpoint endpoint) => await Change(endpoint, await Json.Read(http.Request, http.RequestAborted)).Send(http));
    }

    private static Answer Change(WebhookEndpoint endpoint, JsonObject? body)
    {
        if (ModeOf(body) is not { } mode)
            return Problem.Invalid([("/mode", "'mode' must be one of in_order, duplicated, reversed, delayed, off.")]);
        if ((body.Has("delay_ms") ? body.Number("delay_ms") : 0) is not (>= 0 and <= LongestDelay and var delay))
            return Problem.Invalid([("/delay_ms", $"'delay_ms' must be a number from 0 to {LongestDelay}.")]);

        endpoint.Send(mode, TimeSpan.FromMilliseconds((double)delay));
        return Show(endpoint.Current, []);
    }

    private static WebhookMode? ModeOf(JsonObject? body)
    {
        try
        {
            return body.Text("mode") is null ? null : body!["mode"].Deserialize<WebhookMode>();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Answer Show(WebhookEndpoint.Settings settings, IReadOnlyList<object> events) =>
        Answer.Of(200, new { url = settings.Url, mode = settings.Mode, delay_ms = (long)settings.Delay.TotalMilliseconds, events });
}
