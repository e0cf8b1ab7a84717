using System.Text.Json.Serialization;

namespace Sandbox.Webhooks;

/// <summary>Where events go, and how they are sent: as a registered webhook endpoint at Stripe. Without an address there are no events.</summary>
internal sealed class WebhookEndpoint(Uri? url, string? secret)
{
    // Long enough for what one request causes to come together.
    private static readonly TimeSpan ReversedAtLeast = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim changed = new(0);

    private volatile Settings current = new(url, secret ?? "", WebhookMode.InOrder, TimeSpan.Zero);

    public Settings Current => current;

    public bool IsListening => current is { Url: not null, Mode: not WebhookMode.Off };

    public void SendTo(Uri url, string secret) => Change(current with { Url = url, Secret = secret });

    public void Send(WebhookMode mode, TimeSpan delay) => Change(current with
    {
        Mode = mode,
        Delay = mode == WebhookMode.Reversed && delay < ReversedAtLeast ? ReversedAtLeast : delay,
    });

    /// <summary>There is something to send, or another way to.</summary>
    public void Wake() => changed.Release();

    /// <summary>Until something changed, or the time is over.</summary>
    public async Task Wait(TimeSpan most, TimeProvider time, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(changed.WaitAsync(over.Token), Task.Delay(most, time, over.Token));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private void Change(Settings settings)
    {
        current = settings;
        Wake();
    }

    internal sealed record Settings(Uri? Url, string Secret, WebhookMode Mode, TimeSpan Delay);
}

[JsonConverter(typeof(JsonStringEnumConverter<WebhookMode>))]
internal enum WebhookMode
{
    /// <summary>As they happened.</summary>
    [JsonStringEnumMemberName("in_order")] InOrder,

    /// <summary>Each twice.</summary>
    [JsonStringEnumMemberName("duplicated")] Duplicated,

    /// <summary>Those that wait together, newest first.</summary>
    [JsonStringEnumMemberName("reversed")] Reversed,

    /// <summary>In order, each after the delay.</summary>
    [JsonStringEnumMemberName("delayed")] Delayed,

    /// <summary>No events happen.</summary>
    [JsonStringEnumMemberName("off")] Off,
}
