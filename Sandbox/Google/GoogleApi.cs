using System.Text.Json;
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
        if (WrongType(body, address) is { } wrong)
            return Invalid(wrong);
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

    /// <summary>The fields that aren't of their type, by the names that they have in Google's own protocol.</summary>
    private static string? WrongType(JsonObject body, JsonObject address)
    {
        var wrong = new[]
            {
                Of(body, "enableUspsCass", "enable_usps_cass", "TYPE_BOOL", JsonValueKind.True, JsonValueKind.False),
                Of(body, "previousResponseId", "previous_response_id", "TYPE_STRING", JsonValueKind.String),
                Of(body, "sessionToken", "session_token", "TYPE_STRING", JsonValueKind.String),
            }
            .Concat(new[] { "regionCode", "locality", "administrativeArea", "postalCode", "languageCode", "sublocality", "sortingCode", "organization" }
                .Select(name => Of(address, name, $"address.{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}", "TYPE_STRING", JsonValueKind.String)));
        var lines = address["addressLines"] switch
        {
            null => null,
            JsonArray array => array.Select((line, index) => line?.GetValueKind() == JsonValueKind.String ? null : $"Invalid value at 'address.address_lines[{index}]' (TYPE_STRING), {line?.ToJsonString() ?? "null"}")
                .FirstOrDefault(found => found is not null),
            var other => $"Invalid value at 'address.address_lines' (TYPE_STRING), {other.ToJsonString()}",
        };
        return wrong.Append(lines).FirstOrDefault(found => found is not null);

        static string? Of(JsonObject from, string name, string shown, string type, params JsonValueKind[] kinds) =>
            from[name] is { } value && !kinds.Contains(value.GetValueKind()) ? $"Invalid value at '{shown}' ({type}), {value.ToJsonString()}" : null;
    }

    private static Answer Invalid(string message) => Error(400, "INVALID_ARGUMENT", message);

    private static Answer Error(int code, string status, string message) => Answer.Of(code, new { error = new { code, message, status } });
}
