#nullable disable

using System.Net;

namespace Stripe;

public interface IHttpClient
{
    Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default);
}

public class AppInfo
{
    public string Name { get; set; }

    public string Url { get; set; }

    public string Version { get; set; }
}

public class SystemNetHttpClient(
    HttpClient httpClient = null,
    int maxNetworkRetries = SystemNetHttpClient.DefaultMaxNumberRetries,
    AppInfo appInfo = null,
    bool enableTelemetry = true) : IHttpClient
{
    public const int DefaultMaxNumberRetries = 2;

    private static readonly Lazy<HttpClient> Default = new(() => new HttpClient { Timeout = DefaultHttpTimeout });

    private readonly HttpClient client = httpClient ?? Default.Value;

    public static TimeSpan DefaultHttpTimeout => TimeSpan.FromSeconds(80);

    public int MaxNetworkRetries { get; } = maxNetworkRetries;

    public bool EnableTelemetry { get; } = enableTelemetry;

    public async Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var message = Message(request);
                using var response = await client.SendAsync(message, cancellationToken).ConfigureAwait(false);
                if (attempt >= MaxNetworkRetries || !IsWorthRetrying(response))
                    return new(response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(CancellationToken.None).ConfigureAwait(false));
            }
            catch (Exception fault) when (attempt < MaxNetworkRetries
                && (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)))
            {
                // Once more, after the pause below.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500 * (1 << Math.Min(attempt, 3))), cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsWorthRetrying(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Stripe-Should-Retry", out var advice)
            ? advice.First() == "true"
            : response.StatusCode == HttpStatusCode.Conflict || (int)response.StatusCode >= 500;

    private HttpRequestMessage Message(StripeRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri) { Content = request.Content };
        message.Headers.Authorization = request.AuthorizationHeader;
        message.Headers.TryAddWithoutValidation("User-Agent", appInfo is null ? "Stripe/v1" : $"Stripe/v1 {appInfo.Name}");
        foreach (var (name, value) in request.StripeHeaders)
            message.Headers.Add(name, value);
        return message;
    }
}
