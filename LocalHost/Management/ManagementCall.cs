using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LocalHost.Management;

/// <summary>A request to the management API. A query parameter that can't be read counts as not given, as in the extension.</summary>
internal sealed class ManagementCall(HttpContext http, RouteValueDictionary route)
{
    public HttpContext Http => http;

    /// <summary>Cancelled when the caller goes.</summary>
    public CancellationToken Gone => http.RequestAborted;

    // A slash inside an id stays escaped in the path.
    public string? Route(string name) => (route[name] as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public string? Text(string name) => http.Request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;

    public bool? Flag(string name) => bool.TryParse(Text(name), out var flag) ? flag : null;

    public int? Number(string name) => int.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    public TimeSpan? Seconds(string name) => double.TryParse(Text(name), CultureInfo.InvariantCulture, out var seconds)
        ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(1).TotalSeconds))
        : null;

    /// <summary>Without an offset, a time is UTC.</summary>
    public DateTimeOffset? Time(string name) =>
        DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Statuses from a comma-separated list, or from several; those that don't exist are left out.</summary>
    public IReadOnlyList<OrchestrationRuntimeStatus> Statuses(string name) =>
    [
        .. http.Request.Query[name].SelectMany(list => (list ?? string.Empty).Split(',', StringSplitOptions.TrimEntries))
            .Where(status => Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out _))
            .Select(status => Enum.Parse<OrchestrationRuntimeStatus>(status, ignoreCase: true)),
    ];

    /// <exception cref="JsonException">The body is not JSON.</exception>
    public async Task<JsonElement> Json()
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: Gone);
        return body.RootElement.Clone();
    }
}
