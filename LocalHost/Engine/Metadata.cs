using LocalHost.Storage;

namespace LocalHost.Engine;

/// <summary>An instance as the client shows it.</summary>
internal static class Metadata
{
    public static OrchestrationMetadata Of(Instance instance, bool withPayloads) => new(instance.Name, instance.InstanceId)
    {
        RuntimeStatus = instance.Status,
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.UpdatedAt,
        Tags = instance.Tags ?? NoTags,
        SerializedInput = withPayloads ? instance.Input : null,
        SerializedOutput = withPayloads ? instance.Output : null,
        // Never set is JSON's null, not a null reference.
        SerializedCustomStatus = withPayloads ? instance.CustomStatus ?? "null" : null,
        DataConverter = withPayloads ? Converter : null,
    };

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    private static readonly DurableDataConverter Converter = new();

    private sealed class DurableDataConverter : DataConverter
    {
        public override string? Serialize(object? value) => DurableJson.Serialize(value);

        public override object? Deserialize(string? data, Type targetType) => data is null or "null" ? null : DurableJson.Deserialize(data, targetType);
    }
}
