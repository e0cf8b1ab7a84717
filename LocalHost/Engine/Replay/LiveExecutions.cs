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
        if (Remove(instance.InstanceId) is not { } live)
            return null;
        if (live.Continues(instance))
            return live;

        live.Drop();
        return null;
    }

    public void Keep(string instanceId, LiveExecution live)
    {
        var dropped = new List<LiveExecution>();
        lock (gate)
        {
            if (Forget(instanceId) is { } earlier)
                dropped.Add(earlier);
            kept.Add(instanceId, byWaiting.AddLast((instanceId, live)));
            while (kept.Count > limit)
                dropped.Add(Forget(byWaiting.First!.Value.InstanceId)!);
        }

        // Outside the lock: services are given back, and that is the app's code.
        dropped.ForEach(gone => gone.Drop());
    }

    private LiveExecution? Remove(string instanceId)
    {
        lock (gate)
            return Forget(instanceId);
    }

    private LiveExecution? Forget(string instanceId)
    {
        if (!kept.Remove(instanceId, out var node))
            return null;

        byWaiting.Remove(node);
        return node.Value.Live;
    }
}
