using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Management;

/// <summary>Answers in the extension's JSON: camelCase names, nulls written, texts as they are.</summary>
internal static class ManagementAnswers
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IResult NotFound { get; } = Results.StatusCode(StatusCodes.Status404NotFound);

    public static IResult Gone { get; } = Results.StatusCode(StatusCodes.Status410Gone);

    public static IResult Accepted { get; } = Results.StatusCode(StatusCodes.Status202Accepted);

    public static IResult Json(int status, object? body) => Results.Json(body, Options, statusCode: status);

    public static IResult Error(int status, string message) => Json(status, new Dictionary<string, string> { ["Message"] = message });

    public static IResult Error(int status, string message, Exception exception) => Json(status, new Dictionary<string, string?>
    {
        ["Message"] = message,
        ["ExceptionMessage"] = exception.Message,
        ["ExceptionType"] = exception.GetType().FullName,
    });

    public static IResult NotJson(JsonException exception) => Error(StatusCodes.Status400BadRequest, "Invalid JSON content", exception);
}
