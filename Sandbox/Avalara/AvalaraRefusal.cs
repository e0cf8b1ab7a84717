using System.Text.Json.Nodes;
using Sandbox.Calls;

namespace Sandbox.Avalara;

/// <summary>AvaTax's error: a code with its number, and the field that it is about.</summary>
internal sealed class AvalaraRefusal(int status, string code, int number, string message, string? refersTo = null) : Exception(message)
{
    public static AvalaraRefusal Missing(string field) => new(400, "ValueRequiredError", 5, $"Field {field} is required.", field);

    public static AvalaraRefusal TooLong(string field, int longest) => new(400, "StringLengthError", 13, $"Field {field} is longer than {longest} characters.", field);

    public static AvalaraRefusal OutOfRange(string field, string range) => new(400, "RangeError", 6, $"Field {field} must be {range}.", field);

    public static AvalaraRefusal Unknown(string field, string value) => new(400, "InvalidEnumValue", 164, $"'{value}' is no value of {field}.", field);

    public static AvalaraRefusal Malformed(string field, string type) => new(400, "ModelStateInvalid", 70, $"Field {field} must be {type}.", field);

    public static AvalaraRefusal Unpriced(string what) => new(400, "ModelStateInvalid", 70, $"The sandbox can't price {what}.", what);

    public static AvalaraRefusal Status(string code, string status) => new(400, "GetTaxError", 300, $"Document {code} is {status}.", "DocStatus") { Detail = "DocStatusError" };

    public static AvalaraRefusal NotFound(string company, string code) => new(404, "EntityNotFoundError", 4, $"There is no transaction '{company}:{code}'.");

    /// <summary>The code of the detail where it isn't the error's own.</summary>
    public string? Detail { get; init; }

    public Answer Answer() => Calls.Answer.Of(status, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = code,
            ["message"] = Message,
            ["target"] = status >= 500 ? "AvaTaxApiServer" : "HttpRequest",
            ["details"] = new JsonArray(new JsonObject
            {
                ["code"] = Detail ?? code,
                ["number"] = number,
                ["message"] = Message,
                ["description"] = Message,
                ["faultCode"] = status >= 500 ? "Server" : "Client",
                ["helpLink"] = $"http://developer.avalara.com/avatax/errors/{code}",
                ["refersTo"] = refersTo,
                ["severity"] = "Error",
            }),
        },
    });
}
