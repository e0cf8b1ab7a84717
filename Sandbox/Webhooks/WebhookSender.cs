using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Sandbox.Webhooks;

/// <summary>
/// Sends events one after another, signed as Stripe signs. What isn't answered with a 2xx is sent again for three days: sooner than Stripe does
/// at first, because whoever runs a sandbox is watching.
/// </summary>
internal sealed class WebhookSender(WebhookEndpoint endpoint, Database database, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] Retries =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(12), TimeSpan.FromHours(12), TimeSpan.FromHours(12), TimeSpan.FromHours(12),
    ];

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        while (!stoppingToken.IsCancellationRequested)
        {
            var settings = endpoint.Current;
            if (settings.Url is not null)
            {
                foreach (var waiting in await database.Run(connection => connection.Due(time.GetUtcNow(), settings.Mode)))
                    await Deliver(http, settings, waiting, stoppingToken);
            }

            var next = settings.Url is null ? null : await database.Run(connection => connection.NextDue());
            var wait = next is { } due ? due - time.GetUtcNow() : LongestWait;
            if (wait > TimeSpan.Zero)
                await endpoint.Wait(wait < LongestWait ? wait : LongestWait, time, stoppingToken);
        }
    }

    private async Task Deliver(HttpClient http, WebhookEndpoint.Settings settings, WaitingEvent waiting, CancellationToken stopping)
    {
        var status = await Post(http, settings, waiting, stopping);
        if (settings.Mode == WebhookMode.Duplicated)
            status = await Post(http, settings, waiting, stopping);
        DateTimeOffset? again = status is >= 200 and < 300 || waiting.Tries >= Retries.Length ? null : time.GetUtcNow() + Retries[waiting.Tries];
        await database.Run(connection =>
        {
            connection.Sent(waiting, status, again);
            return true;
        });
    }

    /// <summary>The answer's status; null: none came.</summary>
    private async Task<int?> Post(HttpClient http, WebhookEndpoint.Settings settings, WaitingEvent waiting, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(waiting.Body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } },
        };
        request.Headers.Add("Stripe-Signature", Sign(settings.Secret, waiting.Body, time.GetUtcNow().ToUnixTimeSeconds()));
        request.Headers.UserAgent.ParseAdd("Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        try
        {
            using var response = await http.SendAsync(request, stopping);
            return (int)response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string Sign(string secret, string body, long seconds) =>
        $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")))}";
}
