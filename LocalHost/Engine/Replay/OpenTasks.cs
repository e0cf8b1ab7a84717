namespace LocalHost.Engine.Replay;

/// <summary>
/// What the code has scheduled: which of it the history hasn't confirmed (it is new, or the code has changed) and which of it hasn't finished.
/// </summary>
internal sealed class OpenTasks
{
    private readonly SortedDictionary<int, ScheduledEvent> unconfirmed = [];
    private readonly Dictionary<int, Open> open = [];
    private int nextId;

    public IReadOnlyCollection<ScheduledEvent> Unconfirmed => unconfirmed.Values;

    public int Count => open.Count;

    /// <summary>The code asked for more than a turn can take; whether or not it caught the exception, the instance fails.</summary>
    public bool Overfull { get; private set; }

    public Task<string?> Schedule(string name, Func<int, ScheduledEvent> schedule, out int id)
    {
        id = Ask(schedule);
        // Continuations run inside the completion, on the turn's thread: never RunContinuationsAsynchronously here.
        var source = new TaskCompletionSource<string?>();
        open.Add(id, new Open(name, source));
        return source.Task;
    }

    /// <summary>Something that has no answer: an event sent.</summary>
    public void ScheduleOneWay(Func<int, ScheduledEvent> schedule) => Ask(schedule);

    /// <returns>What the code asked for at that number, if anything.</returns>
    public ScheduledEvent? Confirm(ScheduledEvent recorded) => unconfirmed.Remove(recorded.EventId, out var replayed) ? replayed : null;

    /// <summary>What was asked for in the last turn is in the history now.</summary>
    public void ConfirmAll() => unconfirmed.Clear();

    public void Complete(int id, string? result)
    {
        if (open.Remove(id, out var task))
            task.Source.SetResult(result);
    }

    /// <param name="exceptionOf">Makes the exception that the code catches, from the task's name and number.</param>
    public void Fail(int id, Func<string, int, TaskFailedException> exceptionOf)
    {
        if (open.Remove(id, out var task))
            task.Source.SetException(exceptionOf(task.Name, id));
    }

    /// <returns>True if the history knows the task, so that its message must be taken back.</returns>
    public bool Cancel(int id, CancellationToken cancellation)
    {
        if (!open.Remove(id, out var task))
            return false;

        var stored = !unconfirmed.Remove(id);
        task.Source.SetCanceled(cancellation);
        return stored;
    }

    private int Ask(Func<int, ScheduledEvent> schedule)
    {
        Overfull |= unconfirmed.Count == Outputs.ActionsPerTurn;
        if (Overfull)
            throw new InvalidOperationException(Outputs.TooManyActions.ErrorMessage);

        unconfirmed.Add(nextId, schedule(nextId));
        return nextId++;
    }

    private sealed record Open(string Name, TaskCompletionSource<string?> Source);
}
