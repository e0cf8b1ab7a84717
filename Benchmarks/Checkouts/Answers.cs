using System.Collections.Concurrent;
using CheckoutFunctions.Sessions;

namespace Benchmarks.Checkouts;

/// <summary>Where buyers hear of the answers to their commands: in the real app, the session store.</summary>
internal sealed class Answers
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<AnswerCode>> waiting = new(StringComparer.Ordinal);

    /// <summary>Hears the key of each answered command.</summary>
    public Action<string>? Heard { get; set; }

    public Task<AnswerCode> Next(string commandKey) =>
        waiting.GetOrAdd(commandKey, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Give(CommandAnswer answer)
    {
        Heard?.Invoke(answer.CommandKey);
        if (waiting.TryRemove(answer.CommandKey, out var waiter))
            waiter.SetResult(answer.Code);
    }
}
