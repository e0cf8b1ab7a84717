using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The real network, on which a request can hang, or be on its way for as long as a test wants; and a search that lags behind.</summary>
internal sealed class BraintreeNetwork(ManualTimeProvider time, Func<string, Task<int>> callsOf) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly List<(Uri Uri, HttpRequestHeaders Headers, byte[] Body)> underWay = [];

    /// <summary>The next call of this operation gets no answer in time.</summary>
    public string? Hanging { get; set; }

    /// <summary>The next call of this operation loses its connection, and arrives when <see cref="Arrive"/> says.</summary>
    public string? Late { get; set; }

    public bool SearchLags { get; set; }

    /// <summary>Happens once, while an authorization is on its way there.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public List<string> Operations { get; } = [];

    public List<string> Bodies { get; } = [];

    /// <summary>What was on its way reaches the provider now; nobody hears the answers.</summary>
    public async Task Arrive()
    {
        foreach (var (uri, headers, body) in underWay)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            foreach (var (name, values) in headers)
                request.Headers.TryAddWithoutValidation(name, values);
            (await base.SendAsync(request, CancellationToken.None)).Dispose();
        }

        underWay.Clear();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.TryGetValue(ProviderHandler.Operation, out var operation);
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        Operations.Add(operation!);
        Bodies.Add(Encoding.UTF8.GetString(body));
        if (SearchLags && Bodies[^1].Contains("query Search", StringComparison.Ordinal))
            return Nothing();
        if (Late == operation)
        {
            Late = null;
            underWay.Add((request.RequestUri!, request.Headers, body));
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        }

        if (operation == ProviderOperations.Confirm && Meanwhile is { } meanwhile)
        {
            Meanwhile = null;
            await meanwhile();
        }

        if (Hanging != operation)
            return await base.SendAsync(request, cancellationToken);

        // It times out as soon as the sandbox has counted it, effect and all.
        Hanging = null;
        var before = await callsOf(operation!);
        var sending = base.SendAsync(request, cancellationToken);
        while (!sending.IsCompleted && await callsOf(operation!) == before)
            await Task.Delay(2, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(60));
        return await sending;
    }

    private static HttpResponseMessage Nothing() => new(HttpStatusCode.OK)
    {
        Content = new StringContent("""{ "data": { "search": { "transactions": { "edges": [], "pageInfo": { "hasNextPage": false } } } } }""", Encoding.UTF8, "application/json"),
    };
}
