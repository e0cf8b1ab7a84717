using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.Engine.Replay;

/// <summary>An orchestration's code, stopped where its last turn left it: the next turn costs what is new and not what has been.</summary>
internal sealed class LiveExecution
{
    private readonly TurnThread thread = new();
    private readonly Execution execution;
    private readonly string executionId;

    public LiveExecution(Instance instance, ITaskFunctions functions, ILoggerFactory loggerFactory, Versioning versions)
    {
        executionId = instance.ExecutionId;
        Context = new ReplayContext(instance, thread, loggerFactory, versions);
        execution = new Execution(functions, Context, thread);
    }

    public ReplayContext Context { get; }

    /// <summary>Entries of the history that the code has seen.</summary>
    public long Length { get; private set; }

    public bool Continues(Instance instance) => instance.ExecutionId == executionId && instance.HistoryLength == Length;

    /// <summary>What the code still does is void, and its next durable call throws.</summary>
    public void Abandon() => thread.Abandon();

    /// <summary>It goes no further: another turn starts from the history again, or there is none.</summary>
    public void Drop() => Context.Release?.Invoke();

    public void Replay(IReadOnlyList<HistoryEvent> history)
    {
        thread.Run(() =>
        {
            Context.Replaying = true;
            execution.Apply(history);
            Context.Replaying = false;
        });
        Length += history.Count;
    }

    public Conclusion Advance(IEnumerable<HistoryEvent> arrived)
    {
        thread.Run(() => execution.Apply(arrived));
        return execution.Conclude();
    }

    /// <summary>The turn is stored: so much longer is the history.</summary>
    public void Stored(int added)
    {
        Length += added;
        Context.Stored();
    }
}
