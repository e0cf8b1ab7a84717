using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.Shippo;

/// <summary>Shippo's shipments with their rates. A shipment that was asked for without waiting is QUEUED in its first answer, and rated when it is looked at.</summary>
internal static class ShippoApi
{
    public const string Name = "shippo";

    private static readonly Provider Provider = new(
        Name,
        () => Detail(500, "Something went wrong on the server."),
        () => Detail(429, "Too many requests; try again in a second."));

    public static void Map(IEndpointRouteBuilder routes)
    {
        // With or without a slash at the end: to routing that is the same.
        var shippo = routes.MapGroup("/shippo");
        shippo.MapPost("shipments", async (HttpContext http, Exchange exchange, TimeProvider time) =>
        {
            var body = await Json.Read(http.Request, http.RequestAborted);
            await Handle(http, exchange, "rates", connection =>
                body is null ? Detail(400, "The body isn't a JSON object.") : Create(connection, body, time.GetUtcNow()));
        });
        shippo.MapGet("shipments/{id}", (HttpContext http, Exchange exchange, string id) =>
            Handle(http, exchange, "retrieve", connection => Find(connection, id) is { } shipment ? Answer.Of(200, shipment) : NotFound(http)));
        shippo.MapGet("shipments/{id}/rates", (HttpContext http, Exchange exchange, string id) =>
            Handle(http, exchange, "rates", connection => Find(connection, id) is { } shipment ? Answer.Of(200, ShippoJson.RateList(shipment)) : NotFound(http)));
        shippo.Map("{**rest}", (HttpContext http) => NotFound(http).Send(http));
    }

    private static Answer Create(SqliteConnection connection, JsonObject body, DateTimeOffset now)
    {
        var (request, errors) = ShipmentRequest.Read(body);
        if (request is null)
            return Answer.Of(400, errors);
        var shipment = ShippoJson.Shipment(request, now);
        connection.Put(Name, "shipment", (string)shipment["object_id"]!, shipment);
        if (request.IsAsync)
            (shipment["status"], shipment["rates"], shipment["messages"]) = ("QUEUED", new JsonArray(), new JsonArray());
        return Answer.Of(201, shipment);
    }

    private static JsonObject? Find(SqliteConnection connection, string id) => connection.Get<JsonObject>(Name, "shipment", id);

    private static Task Handle(HttpContext http, Exchange exchange, string operation, Func<SqliteConnection, Answer> act) =>
        IsAuthorized(http.Request.Headers.Authorization.ToString())
            ? exchange.Handle(http, new Call(Provider, operation, act))
            : Detail(401, "No valid token was given: Authorization: ShippoToken <token>").Send(http);

    private static bool IsAuthorized(string header) =>
        header.StartsWith("ShippoToken ", StringComparison.OrdinalIgnoreCase) && header["ShippoToken ".Length..].Trim().Length > 0;

    private static Answer Detail(int status, string detail) => Answer.Of(status, new { detail });

    // A web page, as from a web server that knows no API.
    private static Answer NotFound(HttpContext http) =>
        new(404, $"<h1>Not Found</h1><p>There is no {System.Net.WebUtility.HtmlEncode(http.Request.Path.Value!["/shippo".Length..])} here.</p>") { ContentType = "text/html" };
}
