using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalHost.Management;

/// <summary>An instance's status as the extension writes it. Times have whole seconds.</summary>
internal sealed record InstanceStatus(
    string Name,
    string InstanceId,
    string RuntimeStatus,
    JsonElement? Input,
    JsonElement? CustomStatus,
    JsonElement? Output,
    string CreatedTime,
    string LastUpdatedTime)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IDictionary<string, object?>>? HistoryEvents { get; init; }

    public static InstanceStatus Of(OrchestrationMetadata instance, bool showInput) => new(
        instance.Name,
        instance.InstanceId,
        instance.RuntimeStatus.ToString(),
        showInput ? Payload.Parse(instance.SerializedInput) : null,
        Payload.Parse(instance.SerializedCustomStatus),
        Payload.Parse(instance.SerializedOutput),
        WholeSeconds(instance.CreatedAt),
        WholeSeconds(instance.LastUpdatedAt));

    private static string WholeSeconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
