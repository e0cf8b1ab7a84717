using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost;

/// <summary>What a LocalHost runs, and where. The defaults run the checkout.</summary>
public sealed record LocalHostOptions
{
    public required string DataFolder { get; init; }

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int Port { get; init; }

    /// <summary>Null: no sandbox. 0: any free port.</summary>
    public int? SandboxPort { get; init; }

    /// <summary>Null or empty: one is made up.</summary>
    public string? OperatorKey { get; init; }

    /// <summary>The settings that the app sees, besides those that the host adds.</summary>
    public IConfiguration Settings { get; init; } = new ConfigurationBuilder().Build();

    public HostJson Host { get; init; } = new();

    /// <summary>Where functions are looked for.</summary>
    public IEnumerable<Type> FunctionTypes { get; init; } = CheckoutApp.Types;

    public Action<IServiceCollection, IConfiguration> AddServices { get; init; } = CheckoutApp.AddServices;

    public static LocalHostOptions From(IConfiguration settings, HostJson host) => new()
    {
        DataFolder = settings["LocalHost:Data"] is { Length: > 0 } folder ? folder : ".localhost",
        Address = settings["LocalHost:Address"] is { Length: > 0 } address ? AddressOf(address) : IPAddress.Loopback,
        Port = PortOf(settings, "LocalHost:Port", 7071),
        SandboxPort = PortOf(settings, "Sandbox:Port", 7072) is > 0 and var port ? port : null,
        OperatorKey = settings["LocalHost:OperatorKey"],
        Settings = settings,
        Host = host,
    };

    private static int PortOf(IConfiguration settings, string key, int otherwise)
    {
        if (settings[key] is not { Length: > 0 } text)
            return otherwise;
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new LocalHostException($"The setting {key.Replace(":", "__")} is '{text}', which is not a port.");
    }

    private static IPAddress AddressOf(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new LocalHostException($"The setting LocalHost__Address is '{text}', which is not an IP address.");
}
