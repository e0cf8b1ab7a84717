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
        SerializedInput = withPayloads ? instance.Input : null,
        SerializedOutput = withPayloads ? instance.Output : null,
        // Never set is JSON's null, not a null reference.
        SerializedCustomStatus = withPayloads ? instance.CustomStatus ?? "null" : null,
    };
}
