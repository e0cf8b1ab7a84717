using System.Text.Json.Nodes;
using Sandbox.Calls;

namespace Sandbox.Braintree;

/// <summary>Braintree says no: 200 with <c>errors</c>. <paramref name="input"/> is the path of what was wrong; null where it is the document or the caller.</summary>
internal sealed class BraintreeRefusal(string errorClass, string? legacyCode, string message, string? input = null) : Exception(message)
{
    public static BraintreeRefusal Invalid(string code, string message, string input) => new("VALIDATION", code, message, input);

    public static BraintreeRefusal NotFound(string what) => new("NOT_FOUND", null, $"An object with this ID was not found: {what}.", "input");

    public Answer Answer(string? field, int status = 200)
    {
        var extensions = new JsonObject
        {
            ["errorType"] = errorClass is "VALIDATION" or "NOT_FOUND" && field is not null ? "user_error" : "developer_error",
            ["errorClass"] = errorClass,
        };
        if (legacyCode is not null)
            extensions["legacyCode"] = legacyCode;
        if (input is not null)
            extensions["inputPath"] = new JsonArray([.. input.Split('.').Select(part => JsonValue.Create(part))]);
        var error = new JsonObject { ["message"] = Message, ["locations"] = new JsonArray(new JsonObject { ["line"] = 1, ["column"] = 1 }), ["extensions"] = extensions };
        var body = new JsonObject { ["errors"] = new JsonArray(error), ["extensions"] = BraintreeJson.Request() };
        if (field is not null)
        {
            error["path"] = new JsonArray(JsonValue.Create(field));
            body["data"] = new JsonObject { [field] = null };
        }

        return Calls.Answer.Of(status, body);
    }
}
