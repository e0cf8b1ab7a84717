namespace LocalHost.Engine;

/// <summary>Tells waiting clients that an instance changed, so that nobody polls.</summary>
internal sealed class InstanceWatch
{
    private readonly Dictionary<string, HashSet<TaskCompletionSource>> watchers = [];
    private readonly Lock gate = new();

    /// <summary>Completes at the instance's next change. Watch first, then read the instance, then wait.</summary>
    public Watcher Watch(string instanceId)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (!watchers.TryGetValue(instanceId, out var sources))
                watchers.Add(instanceId, sources = []);
            sources.Add(source);
        }

        return new Watcher(this, instanceId, source);
    }

    public void Changed(string instanceId)
    {
        HashSet<TaskCompletionSource>? sources;
        lock (gate)
            watchers.Remove(instanceId, out sources);

        foreach (var source in sources ?? [])
            source.TrySetResult();
    }

    internal sealed class Watcher(InstanceWatch watch, string instanceId, TaskCompletionSource source) : IDisposable
    {
        public Task Change => source.Task;

        public void Dispose()
        {
            lock (watch.gate)
            {
                if (watch.watchers.TryGetValue(instanceId, out var sources) && sources.Remove(source) && sources.Count == 0)
                    watch.watchers.Remove(instanceId);
            }
        }
    }
}
