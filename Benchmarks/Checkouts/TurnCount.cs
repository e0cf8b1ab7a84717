using LocalHost.Engine;

namespace Benchmarks.Checkouts;

/// <summary>Counts committed turns.</summary>
internal sealed class TurnCount : IEngineFaults
{
    private int turns;

    public int Turns => turns;

    public void AfterCommit(OrchestrationWorkItem item) => Interlocked.Increment(ref turns);
}
