using System.Net;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Providers;

/// <summary>
/// Runs a provider's calls through its pipeline and makes each fault a <see cref="ProviderException"/>: no answer in time, no connection,
/// an open circuit, 401, 403, 429 and 5xx. Other answers pass: whether a 4xx is a "no" the adapter knows.
/// </summary>
internal sealed class ProviderHandler(ProviderOptions options, ProviderPipeline pipeline, Func<HttpRequestMessage, string> operationOf) : DelegatingHandler
{
    private const int MaxBody = 8 * 1024 * 1024;

    internal static readonly HttpRequestOptionsKey<string> Operation = new("provider.operation");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var operation = request.Options.TryGetValue(Operation, out var named) ? named : operationOf(request);
        var response = await Try(operation, request, cancellation);
        response.RequestMessage ??= request;
        if (!ProviderPipeline.IsFault(response.StatusCode) && response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
            return response;

        using (response)
            throw new ProviderException(options.Name, operation, await SafeText.Describe(response, options.ApiKey));
    }

    private async Task<HttpResponseMessage> Try(string operation, HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await pipeline.Run(operation, attempt => SendWhole(request, attempt), cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new ProviderException(options.Name, operation, $"connection failed ({e.HttpRequestError}).", e);
        }
    }

    /// <summary>The time-out covers the body too: HttpClient would read it after this handler has returned.</summary>
    private async Task<HttpResponseMessage> SendWhole(HttpRequestMessage request, CancellationToken cancellation)
    {
        var response = await base.SendAsync(request, cancellation);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBody, cancellation);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
