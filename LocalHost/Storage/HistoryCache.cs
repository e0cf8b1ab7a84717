using System.Collections.Concurrent;
using LocalHost.Engine;
using LocalHost.Engine.Replay;

namespace LocalHost.Storage;

/// <summary>
/// Histories already parsed, so that a turn reads only what is new. An entry counts only for the very execution and length that the
/// instance's row names; it is written after the commit, so a turn that wasn't stored leaves no trace here.
/// </summary>
internal sealed class HistoryCache
{
    private const int Limit = 1000;

    private readonly ConcurrentDictionary<string, (string ExecutionId, IReadOnlyList<HistoryEvent> Events)> histories = new();

    public IReadOnlyList<HistoryEvent>? Find(Instance instance) =>
        histories.TryGetValue(instance.InstanceId, out var known)
        && known.ExecutionId == instance.ExecutionId
        && known.Events.Count == instance.HistoryLength
            ? known.Events
            : null;

    public void Committed(TurnResult result)
    {
        var instance = result.Turn.Instance;
        if (result.IsFinished || result.ContinuedAsNew is not null)
        {
            histories.TryRemove(instance.InstanceId, out _);
            return;
        }

        if (histories.Count >= Limit)
            histories.Clear();
        histories[instance.InstanceId] = (instance.ExecutionId, [.. result.Turn.History, .. result.NewHistory]);
    }
}
