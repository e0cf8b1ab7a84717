using System.Collections.Concurrent;

namespace CheckoutFunctions.Sessions;

/// <summary>Wakes requests of this process that wait for a session to change. Another process's changes are found by polling.</summary>
public sealed class SessionSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new(StringComparer.Ordinal);

    /// <summary>Completes at the next change. Take it before reading the store, so that no change falls between.</summary>
    public Task NextChange(string checkoutId) => waiting.GetOrAdd(
        checkoutId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string checkoutId)
    {
        if (waiting.TryRemove(checkoutId, out var signal))
            signal.SetResult();
    }
}
