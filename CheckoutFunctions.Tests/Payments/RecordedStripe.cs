using System.Net;
using System.Text;
using System.Text.Json;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>Answers with Stripe's recorded responses, one after another, and keeps the forms that it was sent.</summary>
internal sealed class RecordedStripe(params string[] fixtures) : HttpMessageHandler
{
    private readonly Queue<JsonElement> responses = new(fixtures.Select(fixture => Recordings.Read("stripe", fixture).GetProperty("response")));

    public List<(string Path, string[] Form)> Requests { get; } = [];

    /// <summary>The path and the form that were recorded with a fixture.</summary>
    public static (string Path, string[] Form) Recorded(string fixture)
    {
        var request = Recordings.Read("stripe", fixture).GetProperty("request");
        return (
            new Uri(request.GetProperty("url").GetString()!).AbsolutePath,
            request.TryGetProperty("form", out var form) ? [.. form.EnumerateArray().Select(pair => $"{pair[0].GetString()}={pair[1].GetString()}").Order()] : []);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var form = body.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).Order().ToArray();
        Requests.Add((request.RequestUri!.AbsolutePath.Replace("/stripe/", "/", StringComparison.Ordinal), form));
        // Nothing was refunded before: no recording says so.
        if (request.Method == HttpMethod.Get && request.RequestUri.AbsolutePath.EndsWith("/refunds", StringComparison.Ordinal))
            return new(HttpStatusCode.OK) { Content = new StringContent("""{ "object": "list", "data": [], "has_more": false }""") };

        var recorded = responses.Dequeue();
        var response = new HttpResponseMessage((HttpStatusCode)recorded.GetProperty("status").GetInt32())
        {
            Content = new StringContent(recorded.GetProperty("json").GetRawText(), Encoding.UTF8, "application/json"),
        };
        foreach (var header in recorded.GetProperty("headers").EnumerateObject())
            response.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        return response;
    }
}
