using Sandbox.Braintree;
using Sandbox.Calls;
using Sandbox.Webhooks;

namespace Sandbox;

/// <summary><c>/_sandbox</c>: the ledger, the faults, the webhooks, and whether it runs.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/_sandbox");
        group.MapGet("health", (HttpContext http) => Answer.Of(200, new { status = "ok" }).Send(http));
        group.MapGet("ledger", async (HttpContext http, Database database) =>
            await Answer.Of(200, await database.Run(Ledger.Read)).Send(http));
        group.MapGet("faults", (HttpContext http, Faults faults) => Answer.Of(200, new { faults = faults.List() }).Send(http));
        group.MapPost("faults", AddFault);
        group.MapDelete("faults", (HttpContext http, Faults faults) =>
        {
            faults.Clear();
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        group.MapPost("settlement", async (HttpContext http, Settlement settlement) =>
            await settlement.Set(await Json.Read(http.Request, http.RequestAborted)).Send(http));
        WebhookApi.Map(group);
        routes.Map("/{**rest}", (HttpContext http) => Problem.NotFound().Send(http));
    }

    private static async Task AddFault(HttpContext http, Faults faults)
    {
        var (fault, errors) = FaultRequest.Read(await Json.Read(http.Request, http.RequestAborted));
        if (fault is null)
        {
            await Problem.Invalid(errors).Send(http);
            return;
        }

        faults.Add(fault);
        await Answer.Of(201, fault).Send(http);
    }
}
