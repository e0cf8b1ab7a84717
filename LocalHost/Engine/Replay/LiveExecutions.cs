using LocalHost.Storage;

namespace LocalHost.Engine.Replay;

/// <summary>
/// Executions kept between turns, up to a number: then the one that has waited longest is dropped, and replayed from its history when it is needed.
/// One is taken out for its turn and put back once the turn is stored, so that a turn which wasn't leaves no trace.
/// </summary>
internal sealed class LiveExecutions(int limit)
{
    private readonly Dictionary<string, LinkedListNode<(string InstanceId, LiveExecution Live)>> kept = new(StringComparer.Ordinal);
    private readonly LinkedList<(string InstanceId, LiveExecution Live)> byWaiting = new();
    private readonly Lock gate = new();

    public LiveExecution? Take(Instance instance)
    {
        lock (gate)
        {
            if (!kept.Remove(instance.InstanceId, out var node))
                return null;

            byWaiting.Remove(node);
            return node.Value.Live.Continues(instance) ? node.Value.Live : null;
        }
    }

    public void Keep(string instanceId, LiveExecution live)
    {
        if (limit == 0)
            return;

        lock (gate)
        {
            if (kept.Remove(instanceId, out var outdated))
                byWaiting.Remove(outdated);
            if (kept.Count >= limit)
            {
                kept.Remove(byWaiting.First!.Value.InstanceId);
                byWaiting.RemoveFirst();
            }

            kept.Add(instanceId, byWaiting.AddLast((instanceId, live)));
        }
    }
}
