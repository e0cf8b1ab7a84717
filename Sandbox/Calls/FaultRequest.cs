using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Calls;

/// <summary>Reads the body of <c>POST /_sandbox/faults</c>.</summary>
internal static class FaultRequest
{
    private const int MostTimes = 1_000_000;
    private const int LongestDelay = 600_000;

    private static readonly string[] Providers = ["google", "shippo", "easypost", "taxjar", "avalara", "stripe", "braintree", "*"];

    private static readonly string[] Operations =
        ["create", "confirm", "capture", "cancel", "refund", "retrieve", "search", "quote", "record", "void", "rates", "verify", "*"];

    public static (Fault? Fault, IReadOnlyList<(string Pointer, string Detail)> Errors) Read(JsonObject? body)
    {
        if (body is null)
            return (null, [("", "The body isn't a JSON object.")]);
        var errors = new List<(string Pointer, string Detail)>();
        var provider = OneOf(body, "provider", Providers, errors);
        var operation = body.Has("operation") ? OneOf(body, "operation", Operations, errors) : "*";
        var kind = Kind(body, errors);
        var times = Whole(body, "times", missing: 1, least: 1, MostTimes, errors);
        var delay = Whole(body, "delay_ms", missing: 0, least: 0, LongestDelay, errors);
        var afterEffect = body["after_effect"]?.GetValueKind() == JsonValueKind.True;
        if (afterEffect && kind != FaultKind.Http500)
            errors.Add(("/after_effect", "'after_effect' goes with 'http_500' only."));
        return errors.Count > 0 ? (null, errors) : (new Fault(provider, operation, kind, times, delay, afterEffect), errors);
    }

    private static string OneOf(JsonObject body, string name, string[] known, List<(string, string)> errors)
    {
        var value = body.Text(name);
        if (value is not null && known.Contains(value))
            return value;
        errors.Add(($"/{name}", $"'{name}' must be one of {string.Join(", ", known)}."));
        return "";
    }

    private static FaultKind Kind(JsonObject body, List<(string, string)> errors)
    {
        try
        {
            if (body.Text("kind") is not null)
                return body["kind"].Deserialize<FaultKind>();
        }
        catch (JsonException)
        {
        }

        errors.Add(("/kind", "'kind' must be one of timeout_before, timeout_after, http_500, http_429, slow, malformed, connection_reset."));
        return default;
    }

    private static int Whole(JsonObject body, string name, int missing, int least, int most, List<(string, string)> errors)
    {
        if (!body.Has(name))
            return missing;
        if (body[name]!.GetValueKind() == JsonValueKind.Number && body.Number(name) is { } number
            && number == decimal.Truncate(number) && number >= least && number <= most)
            return (int)number;
        errors.Add(($"/{name}", $"'{name}' must be a whole number from {least} to {most}."));
        return missing;
    }
}
