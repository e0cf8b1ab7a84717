namespace Sandbox;

/// <summary>Where the sandbox listens (always on 127.0.0.1) and where it remembers.</summary>
public sealed record SandboxOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; } = 7072;

    /// <summary>Holds <c>sandbox.db</c>. Null keeps everything in memory, for as long as the sandbox runs.</summary>
    public string? DataFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads <c>Port</c> and <c>Data</c>. Alone, the sandbox remembers in <c>.localhost/</c>, where LocalHost keeps its files too.</summary>
    public static SandboxOptions From(IConfiguration section) => new()
    {
        Port = section.GetValue("Port", 7072),
        DataFolder = section.GetValue("Data", ".localhost"),
    };
}
