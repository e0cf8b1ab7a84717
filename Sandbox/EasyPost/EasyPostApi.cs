using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.EasyPost;

/// <summary>EasyPost's shipments with their rates, and the bare quote of <c>/beta/rates</c>.</summary>
internal static class EasyPostApi
{
    public const string Name = "easypost";

    private static readonly Provider Provider = new(
        Name,
        () => Error(500, "INTERNAL_SERVER_ERROR", "Internal server error."),
        () => Error(429, "RATE_LIMITED", "You have exceeded the rate limit. Please slow down and try again."));

    public static void Map(IEndpointRouteBuilder routes)
    {
        var easyPost = routes.MapGroup("/easypost");
        easyPost.MapPost("v2/shipments", (HttpContext http, Exchange exchange, TimeProvider time) => Quote(http, exchange, (connection, request) =>
        {
            var shipment = EasyPostJson.Shipment(request, time.GetUtcNow());
            var id = (string)shipment["id"]!;
            connection.Put(Name, "shipment", id, shipment);
            return Answer.Of(201, shipment).With("Location", $"/api/v2/shipments/{id}");
        }));
        easyPost.MapPost("beta/rates", (HttpContext http, Exchange exchange) =>
            Quote(http, exchange, (_, request) => Answer.Of(200, EasyPostJson.StatelessRates(request))));
        easyPost.MapGet("v2/shipments/{id}", (HttpContext http, Exchange exchange, string id) => Handle(http, exchange, "retrieve", connection =>
            connection.Get<JsonObject>(Name, "shipment", id) is { } shipment ? Answer.Of(200, shipment) : NotFound()));
        easyPost.Map("{**rest}", (HttpContext http) => NotFound().Send(http));
    }

    private static async Task Quote(HttpContext http, Exchange exchange, Func<SqliteConnection, RateRequest, Answer> act)
    {
        // What isn't sent as JSON is no parameter.
        var body = http.Request.HasJsonContentType() ? await Json.Read(http.Request, http.RequestAborted) : [];
        await Handle(http, exchange, "rates", connection =>
        {
            if (body is null)
                return Error(400, "BAD_REQUEST", "The request could not be understood by the server due to malformed syntax.");
            var (request, missing) = RateRequest.Read(body);
            return request is not null ? act(connection, request)
                : missing is { Blank: true } ? Error(422, "PARAMETER.REQUIRED", "Missing required parameter.", missing)
                : Error(422, "UNPROCESSABLE_ENTITY", "Unable to process the request.", missing);
        });
    }

    private static Task Handle(HttpContext http, Exchange exchange, string operation, Func<SqliteConnection, Answer> act)
    {
        http.Response.Headers["x-ep-request-uuid"] = Ids.Hex("");
        http.Response.Headers["Easypost-Api-Version"] = "2015-01-01";
        return IsAuthorized(http.Request)
            ? exchange.Handle(http, new Call(Provider, operation, act))
            : Error(401, "UNAUTHORIZED", "Unauthorized.").Send(http);
    }

    // The key is the user; there is no password.
    private static bool IsAuthorized(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(BasicUser.Of(header[6..].Trim()));
    }

    private static Answer NotFound() => Error(404, "NOT_FOUND", "The requested resource could not be found.");

    private static Answer Error(int status, string code, string message, FieldError? field = null) => Answer.Of(status, new
    {
        error = new { code, message, errors = field is null ? [] : new[] { new { field = field.Field, message = field.Message } } },
    });
}
