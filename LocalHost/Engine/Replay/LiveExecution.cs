using System.Collections.Concurrent;
using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine.Replay;

/// <summary>An orchestration's code, stopped where its last turn left it: the next turn costs what is new and not what has been.</summary>
internal sealed class LiveExecution
{
    private readonly TurnThread thread = new();
    private readonly Execution execution;
    private readonly string executionId;

    public LiveExecution(Instance instance, ITaskFunctions functions, ILoggerFactory loggerFactory)
    {
        executionId = instance.ExecutionId;
        Context = new ReplayContext(instance, thread, loggerFactory);
        execution = new Execution(functions, Context, thread);
    }

    public ReplayContext Context { get; }

    /// <summary>Entries of the history that the code has seen.</summary>
    public long Length { get; set; }

    public bool Continues(Instance instance) => instance.ExecutionId == executionId && instance.HistoryLength == Length;

    public void Replay(IEnumerable<HistoryEvent> history) => thread.Run(() =>
    {
        Context.Replaying = true;
        execution.Apply(history);
        Context.Replaying = false;
    });

    public Conclusion Advance(IEnumerable<HistoryEvent> arrived)
    {
        thread.Run(() => execution.Apply(arrived));
        return execution.Conclude();
    }
}

/// <summary>
/// Executions kept between turns. One is taken out for its turn and put back once the turn is stored, so that a turn which wasn't leaves no
/// trace; what isn't here is replayed from its history.
/// </summary>
internal sealed class LiveExecutions(int limit)
{
    private readonly ConcurrentDictionary<string, LiveExecution> kept = new(StringComparer.Ordinal);

    public LiveExecution? Take(Instance instance) =>
        kept.TryRemove(instance.InstanceId, out var live) && live.Continues(instance) ? live : null;

    public void Keep(string instanceId, LiveExecution live)
    {
        if (limit == 0)
            return;
        if (kept.Count >= limit)
            kept.Clear();
        kept[instanceId] = live;
    }
}
