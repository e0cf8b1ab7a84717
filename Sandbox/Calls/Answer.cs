using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Calls;

/// <summary>What a provider answers: a status, a JSON body, and its own headers.</summary>
internal sealed record Answer(int Status, string Body)
{
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>False: the request was wrong in itself, so an idempotency key doesn't keep this answer.</summary>
    public bool Decided { get; init; } = true;

    public static Answer Of(int status, JsonNode body) => new(status, body.ToJsonString(Json.Options));

    public static Answer Of(int status, object body) => new(status, JsonSerializer.Serialize(body, Json.Options));

    public Answer With(string header, string value) =>
        this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

    public async Task Send(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = ContentType;
        foreach (var (name, value) in Headers)
            http.Response.Headers[name] = value;
        await http.Response.WriteAsync(Body, http.RequestAborted);
    }
}
