using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.TaxJar;

/// <summary>TaxJar's <c>/v2</c>: the tax of a cart, and the transactions of paid and refunded orders.</summary>
internal static class TaxJarApi
{
    public const string Name = "taxjar";

    private static readonly Provider Provider = new(
        Name, () => new TaxJarRefusal(500, "Internal server error").Answer(), () => new TaxJarRefusal(429, "Too many requests").Answer());

    private delegate Answer Act(SqliteConnection connection, JsonObject body);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/taxjar/v2");
        v2.MapPost("taxes", On("quote", (_, body) => Answer.Of(200, new JsonObject { ["tax"] = TaxJson.Of(TaxRequest.Read(body)) })));
        v2.MapPost("transactions/orders", On("record", (connection, body) => Transactions.Create(connection, Transactions.Order, body)));
        v2.MapPost("transactions/refunds", On("refund", (connection, body) => Transactions.Create(connection, Transactions.Refund, body)));
        v2.MapGet("transactions/orders/{id}", (HttpContext http, Exchange exchange, string id) =>
            Handle(http, exchange, "retrieve", connection => Transactions.Show(connection, Transactions.Order, id)));
        v2.MapGet("transactions/refunds/{id}", (HttpContext http, Exchange exchange, string id) =>
            Handle(http, exchange, "retrieve", connection => Transactions.Show(connection, Transactions.Refund, id)));
        v2.MapDelete("transactions/orders/{id}", (HttpContext http, Exchange exchange, string id) =>
            Handle(http, exchange, "void", connection => Transactions.Delete(connection, Transactions.Order, id)));
        routes.Map("/taxjar/{**rest}", (HttpContext http) => new TaxJarRefusal(404, "Not Found").Answer().Send(http));
    }

    private static Delegate On(string operation, Act act) => async (HttpContext http, Exchange exchange) =>
    {
        var json = http.Request.HasJsonContentType();
        var body = json ? await Json.Read(http.Request, http.RequestAborted) : null;
        await Handle(http, exchange, operation, connection => act(connection, body
            ?? throw (json ? new TaxJarRefusal(400, "Your request format is bad.") : new TaxJarRefusal(406, "Only JSON is acceptable."))));
    };

    private static async Task Handle(HttpContext http, Exchange exchange, string operation, Func<SqliteConnection, Answer> act)
    {
        http.Response.Headers["X-Request-Id"] = Ids.Letters("", 20);
        if (http.Request.Headers["X-Api-Version"].FirstOrDefault() is { } version)
            http.Response.Headers["X-Api-Version"] = version;
        if (!IsAuthorized(http.Request))
        {
            var route = http.Request.Path.Value!["/taxjar".Length..];
            await new TaxJarRefusal(401, $"Not authorized for route '{http.Request.Method} {route}'").Answer().Send(http);
            return;
        }

        await exchange.Handle(http, new Call(Provider, operation, connection =>
        {
            try
            {
                return act(connection);
            }
            catch (TaxJarRefusal refusal)
            {
                return refusal.Answer();
            }
        }));
    }

    // "Bearer <token>" or "Token token="<token>"".
    private static bool IsAuthorized(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header["Bearer ".Length..].Trim().Length > 0)
            || (header.StartsWith("Token token=", StringComparison.OrdinalIgnoreCase) && header["Token token=".Length..].Trim('"', ' ').Length > 0);
    }
}
