namespace Microsoft.DurableTask.Client;

public sealed class OrchestrationMetadata(string name, string instanceId)
{
    public string Name { get; } = name;

    public string InstanceId { get; } = instanceId;

    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUpdatedAt { get; init; }

    public string? SerializedInput { get; init; }

    public string? SerializedOutput { get; init; }

    public string? SerializedCustomStatus { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public TaskFailureDetails? FailureDetails { get; init; }

    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    public bool IsCompleted => RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>Null where inputs and outputs were not asked for: reading them then throws.</summary>
    public DataConverter? DataConverter { get; init; }

    public T? ReadInputAs<T>() => Read<T>(SerializedInput, "input");

    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput, "output");

    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus, "custom status");

    private T? Read<T>(string? json, string what) => DataConverter is { } converter
        ? converter.Deserialize<T>(json)
        : throw new InvalidOperationException($"The orchestration's {what} was not fetched: ask with {nameof(DurableTaskClient.GetInstanceAsync)}(…, getInputsAndOutputs: true).");
}
