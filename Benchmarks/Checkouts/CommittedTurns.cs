using System.Collections.Concurrent;
using System.Diagnostics;
using LocalHost.Engine;

namespace Benchmarks.Checkouts;

/// <summary>Tells when an instance's next turn was committed.</summary>
internal sealed class CommittedTurns : IEngineFaults
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> waiting = new(StringComparer.Ordinal);

    /// <summary>The moment, as <see cref="Stopwatch.GetTimestamp"/> gives it.</summary>
    public Task<long> Next(string instanceId) =>
        (waiting[instanceId] = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void AfterCommit(OrchestrationWorkItem item)
    {
        var now = Stopwatch.GetTimestamp();
        if (waiting.TryRemove(item.InstanceId, out var waiter))
            waiter.SetResult(now);
    }
}
