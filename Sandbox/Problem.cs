using Sandbox.Calls;

namespace Sandbox;

/// <summary>How the sandbox's own endpoints refuse a request (RFC 9457).</summary>
internal static class Problem
{
    public static Answer Invalid(IReadOnlyList<(string Pointer, string Detail)> errors) => Answer.Of(400, new
    {
        type = "about:blank",
        title = "Bad Request",
        status = 400,
        detail = string.Join(" ", errors.Select(error => error.Detail)),
        code = "invalid_request",
        errors = errors.Select(error => new { pointer = error.Pointer, detail = error.Detail }),
    }) with
    { ContentType = "application/problem+json" };

    public static Answer NotFound() => Answer.Of(404, new
    {
        type = "about:blank",
        title = "Not Found",
        status = 404,
        detail = "The sandbox has no such route.",
        code = "not_found",
    }) with
    { ContentType = "application/problem+json" };
}
