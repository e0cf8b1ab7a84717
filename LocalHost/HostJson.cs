using System.Globalization;
using LocalHost.Engine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LocalHost;

/// <summary>What LocalHost follows of host.json.</summary>
public sealed record HostJson
{
    public string RoutePrefix { get; init; } = "api";

    /// <summary>The task hub that management links name.</summary>
    public string HubName { get; init; } = "TestHubName";

    public Versioning Versions { get; init; } = new();

    /// <summary>How often a queue message is tried before it goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message that failed stays hidden before it is tried again.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    public IReadOnlyDictionary<string, LogLevel> LogLevels { get; init; } = new Dictionary<string, LogLevel>();

    public static HostJson Read(string path)
    {
        var json = new ConfigurationBuilder().AddJsonFile(path).Build();
        var defaults = new HostJson();
        return new HostJson
        {
            RoutePrefix = json["extensions:http:routePrefix"]?.Trim('/') ?? defaults.RoutePrefix,
            HubName = json["extensions:durableTask:hubName"] ?? defaults.HubName,
            Versions = new Versioning(
                json["extensions:durableTask:defaultVersion"],
                json["extensions:durableTask:versionMatchStrategy"] is { } match ? Enum.Parse<VersionMatch>(match, ignoreCase: true) : defaults.Versions.Match),
            MaxDequeueCount = json["extensions:queues:maxDequeueCount"] is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : defaults.MaxDequeueCount,
            VisibilityTimeout = json["extensions:queues:visibilityTimeout"] is { } time ? TimeSpan.Parse(time, CultureInfo.InvariantCulture) : defaults.VisibilityTimeout,
            LogLevels = json.GetSection("logging:logLevel").GetChildren()
                .ToDictionary(level => level.Key, level => Enum.Parse<LogLevel>(level.Value!, ignoreCase: true)),
        };
    }
}
