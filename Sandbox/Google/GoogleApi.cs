using System.Text.Json.Nodes;
using Sandbox.Calls;

namespace Sandbox.Google;

/// <summary>Google's Address Validation: <c>POST /v1:validateAddress</c>.</summary>
internal static class GoogleApi
{
    public const string Name = "google";
    private const int LongestAddress = 280;

    private static readonly Provider Provider = new(
        Name,
        () => Error(500, "INTERNAL", "Internal error encountered."),
        () => Error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Validate address requests'."));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/google/v1:validateAddress", Validate);
        routes.Map("/google/{**rest}", (HttpContext http) => Error(404, "NOT_FOUND", "Requested entity was not found.").Send(http));
    }

    private static async Task Validate(HttpContext http, Exchange exchange)
    {
        if (string.IsNullOrWhiteSpace(http.Request.Query["key"]) && string.IsNullOrWhiteSpace(http.Request.Headers["X-Goog-Api-Key"]))
        {
            await Error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.").Send(http);
            return;
        }

        var body = await Json.Read(http.Request, http.RequestAborted);
        await exchange.Handle(http, new Call(Provider, "verify", _ => Answered(body)));
    }

    private static Answer Answered(JsonObject? body)
    {
        if (body is null)
            return Invalid("Invalid JSON payload received.");
        if (Unknown(body, "", ["address", "previousResponseId", "enableUspsCass", "languageOptions", "sessionToken"]) is { } unknown)
            return Invalid(unknown);
        if (body.Object("address") is not { Count: > 0 } address)
            return Invalid("Address is missing from request.");
        if (Unknown(address, " at 'address'", ["regionCode", "addressLines", "locality", "administrativeArea", "postalCode", "languageCode", "sublocality", "revision", "sortingCode", "recipients", "organization"]) is { } field)
            return Invalid(field);
        var given = GivenAddress.Read(address);
        if (!Regions.Supported.Contains(given.Region))
            return Invalid($"Unsupported region code: {given.Region}.");
        if (given.Lines.Count == 0)
            return Invalid("Address lines missing from request.");
        if (given.Length > LongestAddress)
            return Invalid($"Address is too long: at most {LongestAddress} characters.");
        var response = new JsonObject { ["result"] = GoogleJson.Of(AddressReview.Of(given)), ["responseId"] = Ids.Hex("") };
        return Answer.Of(200, response);
    }

    private static string? Unknown(JsonObject json, string where, string[] known) =>
        json.Select(field => field.Key).FirstOrDefault(name => !known.Contains(name)) is { } name
            ? $"Invalid JSON payload received. Unknown name \"{name}\"{where}: Cannot find field."
            : null;

    private static Answer Invalid(string message) => Error(400, "INVALID_ARGUMENT", message);

    private static Answer Error(int code, string status, string message) => Answer.Of(code, new { error = new { code, message, status } });
}
