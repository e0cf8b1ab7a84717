using System.Net;
using System.Text;
using System.Text.Json;

namespace CheckoutFunctions.Tests.Providers;

/// <summary>Answers as a provider would, in process, and remembers what it was asked.</summary>
internal sealed class FakeProvider : HttpMessageHandler
{
    private Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer =
        (_, _) => throw new InvalidOperationException("The fake provider wasn't told what to answer.");

    public List<SentRequest> Requests { get; } = [];

    /// <summary>Completes when a call has arrived that hangs.</summary>
    public TaskCompletionSource Hanging { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Answers(HttpStatusCode status, string body, string contentType = "application/json", string? retryAfter = null) => answer = (_, _) =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        if (retryAfter is not null)
            response.Headers.Add("Retry-After", retryAfter);
        return Task.FromResult(response);
    };

    public void Answers(Func<HttpRequestMessage, (HttpStatusCode Status, string Body)> by) =>
        answer = (request, _) =>
        {
            var (status, body) = by(request);
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        };

    public void Replays(JsonElement recording)
    {
        var response = recording.GetProperty("response");
        Answers((HttpStatusCode)response.GetProperty("status").GetInt32(), response.GetProperty("json").GetRawText());
    }

    public void AnswersWith(Func<HttpContent> body) => answer = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = body() });

    public void Fails() => answer = (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection reset by peer");

    public void Hangs()
    {
        Hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
        answer = async (_, cancellation) =>
        {
            Hanging.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException("unreachable");
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellation) : "";
        Requests.Add(new(request.Method, request.RequestUri!, request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value)), body));
        return await answer(request, cancellation);
    }
}

internal sealed record SentRequest(HttpMethod Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);
}
