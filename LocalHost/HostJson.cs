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

    /// <summary>How many queue messages are taken at once.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>More are taken once no more than this many are being handled; null: half a batch.</summary>
    public int? NewBatchThreshold { get; init; }

    /// <summary>Whether queue messages are Base64 on the queue; else they are plain text.</summary>
    public bool MessagesAreBase64 { get; init; } = true;

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
            MaxDequeueCount = NumberIn(json, "maxDequeueCount", 1, int.MaxValue) ?? defaults.MaxDequeueCount,
            BatchSize = NumberIn(json, "batchSize", 1, 32) ?? defaults.BatchSize,
            NewBatchThreshold = NumberIn(json, "newBatchThreshold", 0, int.MaxValue),
            MessagesAreBase64 = json["extensions:queues:messageEncoding"] is not { } encoding || IsBase64(encoding),
            VisibilityTimeout = json["extensions:queues:visibilityTimeout"] is { } time ? TimeSpan.Parse(time, CultureInfo.InvariantCulture) : defaults.VisibilityTimeout,
            LogLevels = json.GetSection("logging:logLevel").GetChildren()
                .ToDictionary(level => level.Key, level => Enum.Parse<LogLevel>(level.Value!, ignoreCase: true)),
        };
    }

    private static bool IsBase64(string encoding) => encoding.ToUpperInvariant() switch
    {
        "BASE64" => true,
        "NONE" => false,
        _ => throw new LocalHostException($"host.json's extensions.queues.messageEncoding is '{encoding}', which is neither base64 nor none."),
    };

    private static int? NumberIn(IConfiguration json, string name, int least, int most)
    {
        if (json["extensions:queues:" + name] is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new LocalHostException($"host.json's extensions.queues.{name} is '{text}': it has to be a whole number from {least} to {most}.");
    }
}
