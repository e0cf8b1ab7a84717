using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>Stripe in memory, below the HTTP client: it saves answers by idempotency key for a day, 500s too, and fails on demand.</summary>
internal sealed class FakeStripe(ManualTimeProvider time) : HttpMessageHandler
{
    public const string ApiKey = "sk_test_fake";

    private readonly StripeIntents intents = new();
    private static readonly TimeSpan KeysKept = TimeSpan.FromHours(24);

    private readonly Dictionary<string, (int Status, string Body, string Request, DateTimeOffset At)> saved = [];
    private readonly List<(string Operation, Fault Fault)> faults = [];

    public List<Seen> Requests { get; } = [];

    public JsonObject this[string paymentId] => intents.Find(paymentId)!;

    public void Fail(string operation, Fault fault) => faults.Add((operation, fault));

    public void FailLastRefund() => intents.FailLastRefund();

    public JsonObject RefundByHand(string paymentId, long amount) => intents.Refund(paymentId, amount).Body;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var form = Form(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        var key = request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null;
        var operation = StripeServices.OperationOf(request);
        Requests.Add(new(operation, request.Method, request.RequestUri!, form, key, request.Headers.ToDictionary(header => header.Key, header => header.Value.Single())));
        if (request.Headers.Authorization?.Parameter != ApiKey)
            return Answer(401, """{ "error": { "type": "invalid_request_error", "message": "Invalid API Key provided: sk_t***" } }""");
        if (Take(operation) is not { } fault)
            return Perform(request, form, key, null);

        switch (fault)
        {
            case Fault.TimeoutBefore:
                return await Hang(cancellationToken);
            case Fault.TimeoutAfter:
                Perform(request, form, key, null);
                return await Hang(cancellationToken);
            case Fault.Http429:
                return Answer(429, """{ "error": { "type": "invalid_request_error", "code": "rate_limit", "message": "Slow down." } }""");
            case Fault.ConnectionReset:
                throw new HttpRequestException(HttpRequestError.ConnectionError);
            case Fault.Malformed:
                Perform(request, form, key, null);
                return Answer(200, """{ "id": "pi_""");
            case Fault.Http500After:
                Perform(request, form, key, null);
                return Answer(500, """{ "error": { "type": "api_error", "message": "Sorry." } }""");
            default:
                return Perform(request, form, key, (500, """{ "error": { "type": "api_error", "message": "Sorry." } }"""));
        }
    }

    private HttpResponseMessage Perform(HttpRequestMessage request, Dictionary<string, string> form, string? key, (int Status, string Body)? instead)
    {
        if (key is not null && saved.TryGetValue(key, out var before) && time.GetUtcNow() - before.At < KeysKept)
        {
            var replay = Answer(before.Status, before.Body);
            replay.Headers.Add("Idempotent-Replayed", "true");
            replay.Headers.Add("Original-Request", before.Request);
            return replay;
        }

        var (status, body) = instead ?? intents.Answer(request.Method, request.RequestUri!, form);
        if (key is not null)
            saved[key] = (status, body, $"req_{saved.Count}", time.GetUtcNow());
        return Answer(status, body);
    }

    private Fault? Take(string operation)
    {
        var index = faults.FindIndex(fault => fault.Operation == operation);
        if (index < 0)
            return null;
        var found = faults[index].Fault;
        faults.RemoveAt(index);
        return found;
    }

    private async Task<HttpResponseMessage> Hang(CancellationToken cancellation)
    {
        time.Advance(TimeSpan.FromSeconds(60));
        await Task.Delay(Timeout.Infinite, cancellation);
        return Answer(500, "");
    }

    private static HttpResponseMessage Answer(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static Dictionary<string, string> Form(string body) => body.Length == 0
        ? []
        : body.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]));

    internal sealed record Seen(
        string Operation, HttpMethod Method, Uri Uri, Dictionary<string, string> Form, string? Key, Dictionary<string, string> Headers);
}
