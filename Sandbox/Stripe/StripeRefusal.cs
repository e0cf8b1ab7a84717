using System.Text.Json.Nodes;
using Sandbox.Calls;

namespace Sandbox.Stripe;

/// <summary>
/// Stripe says no. <paramref name="decided"/>: it had begun to act on the request, so the refusal is remembered under the idempotency key;
/// a request that was wrong in itself isn't.
/// </summary>
internal sealed class StripeRefusal(int status, string type, string? code, string message, string? param = null, bool decided = false) : Exception(message)
{
    public JsonObject? Intent { get; init; }

    public bool Decided => decided;

    public static StripeRefusal Missing(string param) => Invalid("parameter_missing", $"Missing required param: {param}.", param);

    public static StripeRefusal Invalid(string? code, string message, string? param = null) =>
        new(400, "invalid_request_error", code, message, param);

    public static StripeRefusal NotFound(string what, string id, string param) =>
        new(404, "invalid_request_error", "resource_missing", $"No such {what}: '{id}'", param);

    public static StripeRefusal State(string message, JsonObject intent) =>
        new(400, "invalid_request_error", "payment_intent_unexpected_state", message, decided: true) { Intent = intent };

    public Answer Answer()
    {
        var error = new JsonObject { ["type"] = type, ["message"] = Message };
        if (code is not null)
        {
            error["code"] = code;
            error["doc_url"] = DocUrl(code);
        }

        if (param is not null)
            error["param"] = param;
        if (Intent is not null)
            error["payment_intent"] = Intent;
        return Calls.Answer.Of(status, new JsonObject { ["error"] = error });
    }

    public static string DocUrl(string code) => $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}";
}
