using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.Avalara;

/// <summary>AvaTax's transactions under <c>/api/v2</c>: estimates, sales, returns, and voiding them.</summary>
internal static class AvalaraApi
{
    public const string Name = "avalara";

    private static readonly Provider Provider = new(
        Name,
        () => new AvalaraRefusal(500, "ServerUnreachable", 500, "A server behind this one can't be reached.").Answer(),
        () => new AvalaraRefusal(429, "RateLimitExceeded", 4011, "Too many requests.").Answer());

    public static void Map(IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/avalara/api/v2");
        v2.MapPost("transactions/create", async (HttpContext http, Exchange exchange, TimeProvider time) =>
        {
            var body = await Json.Read(http.Request, http.RequestAborted);
            await Handle(http, exchange, OperationOf(body), connection => Transactions.Create(connection, body ?? throw NotJson(), time.GetUtcNow()));
        });
        v2.MapGet("companies/{company}/transactions/{code}", (HttpContext http, Exchange exchange, string company, string code, string? documentType) =>
            Handle(http, exchange, "retrieve", connection => Transactions.Show(connection, company, code, documentType)));
        v2.MapPost("companies/{company}/transactions/{code}/void", async (HttpContext http, Exchange exchange, string company, string code, string? documentType) =>
        {
            var body = await Json.Read(http.Request, http.RequestAborted);
            await Handle(http, exchange, "void", connection => Transactions.Void(connection, company, code, documentType, body ?? throw NotJson()));
        });
        routes.Map("/avalara/{**rest}", (HttpContext http) => new AvalaraRefusal(404, "EntityNotFoundError", 4, "There is no such resource.").Answer().Send(http));
    }

    private static string OperationOf(JsonObject? body) => body?.Any("type")?.ToString() switch
    {
        "SalesInvoice" => "record",
        "ReturnInvoice" => "refund",
        _ => "quote",
    };

    private static AvalaraRefusal NotJson() => new(400, "JsonFormatError", 47, "The body isn't a JSON object.");

    private static async Task Handle(HttpContext http, Exchange exchange, string operation, Func<SqliteConnection, Answer> act)
    {
        http.Response.Headers["x-correlation-id"] = Ids.Hex("");
        if (!IsAuthorized(http.Request))
        {
            await Answer.Of(401, new { error = new { code = "AuthenticationException", message = "The account and its key aren't known." } }).Send(http);
            return;
        }

        await exchange.Handle(http, new Call(Provider, operation, connection =>
        {
            try
            {
                return act(connection);
            }
            catch (AvalaraRefusal refusal)
            {
                return refusal.Answer();
            }
        }));
    }

    // The account is the user, the license key its password; or a token.
    private static bool IsAuthorized(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return header["Bearer ".Length..].Trim().Length > 0;
        var encoded = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? header["Basic ".Length..].Trim() : "";
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [{ Length: > 0 }, { Length: > 0 }];
    }
}
