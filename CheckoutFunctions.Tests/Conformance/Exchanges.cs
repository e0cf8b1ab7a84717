using System.Text.Json;
using System.Text.Json.Nodes;

namespace CheckoutFunctions.Tests.Conformance;

/// <summary>One call as it went over the wire. <paramref name="Path"/> is without the sandbox's prefix.</summary>
internal sealed record Exchange(string Method, string Path, string Query, string? ContentType, string Body, int Status, string Answer, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public JsonElement AnswerJson => JsonElement.Parse(Answer);

    /// <summary>Form fields or a query as the object that their brackets mean: <c>metadata[a]=1&amp;expand[]=b</c>.</summary>
    public static JsonElement Fields(string encoded)
    {
        var root = new JsonObject();
        foreach (var pair in encoded.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            var keys = Decode(pair[0]).Replace("]", "", StringComparison.Ordinal).Split('[');
            var at = root;
            foreach (var key in keys[..^1])
                at = (JsonObject)(at[key] ??= new JsonObject());
            at[keys[^1].Length > 0 ? keys[^1] : $"{at.Count}"] = Decode(pair.Length > 1 ? pair[1] : "");
        }

        return JsonSerializer.SerializeToElement(Lists(root));
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>What is numbered from 0 is a list.</summary>
    private static JsonNode? Lists(JsonNode? node) => node is not JsonObject fields ? node?.DeepClone()
        : fields.Count > 0 && fields.Select((field, index) => field.Key == $"{index}").All(isNext => isNext) ? new JsonArray([.. fields.Select(field => Lists(field.Value))])
        : new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Lists(field.Value))));
}

/// <summary>The network, written down.</summary>
internal sealed class WrittenNetwork(string prefix) : DelegatingHandler(new SocketsHttpHandler())
{
    public List<Exchange> Exchanges { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        Exchanges.Add(new(
            request.Method.Method,
            request.RequestUri!.AbsolutePath[prefix.Length..],
            request.RequestUri.Query,
            request.Content?.Headers.ContentType?.MediaType,
            body,
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(cancellationToken),
            request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase)));
        return response;
    }
}
