namespace Sandbox;

/// <summary>Where the sandbox listens (always on 127.0.0.1) and where it remembers.</summary>
public sealed record SandboxOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; } = 7072;

    /// <summary>Holds <c>sandbox.db</c>. Null keeps everything in memory, for as long as the sandbox runs.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Where Stripe's events go. Null: nowhere, unless <see cref="SandboxApp.SendWebhooks"/> says so later.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>Signs them.</summary>
    public string? WebhookSecret { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads <c>Port</c>, <c>Data</c> and <c>WebhookUrl</c>. Alone, the sandbox remembers in <c>.localhost/</c>, where LocalHost keeps its files too.</summary>
    public static SandboxOptions From(IConfiguration section) => new()
    {
        Port = section.GetValue("Port", 7072),
        DataFolder = section.GetValue("Data", ".localhost"),
        WebhookUrl = section["WebhookUrl"] is { Length: > 0 } url ? new Uri(url) : null,
    };
}
