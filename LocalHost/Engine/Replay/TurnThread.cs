namespace LocalHost.Engine.Replay;

/// <summary>
/// One turn's thread: continuations run on it, in order, until none is left. A continuation that comes from any other thread
/// means that the code awaited something that isn't durable.
/// </summary>
internal sealed class TurnThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private int threadId;
    private volatile bool sawForeignThread;
    private volatile bool closed = true;
    private volatile bool abandoned;

    public bool SawForeignThread => sawForeignThread;

    /// <summary>Throws when durable calls come from another thread, or after the turn.</summary>
    public void Check()
    {
        if (IsCurrent)
            return;
        if (abandoned)
            throw new InvalidOperationException("This turn took too long: its instance has failed.");

        sawForeignThread = true;
        throw new InvalidOperationException(InvalidAsynchronousInvocation);
    }

    public bool IsCurrent => !closed && !abandoned && Environment.CurrentManagedThreadId == threadId;

    public void Abandon() => abandoned = true;

    public void Run(Action turn)
    {
        var previous = Current;
        (threadId, closed) = (Environment.CurrentManagedThreadId, false);
        SetSynchronizationContext(this);
        try
        {
            turn();
        }
        finally
        {
            closed = true;
            SetSynchronizationContext(previous);
        }
    }

    public void RunPosted()
    {
        while (posted.TryDequeue(out var next))
            next.Callback(next.State);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
            posted.Enqueue((d, state));
        else
            sawForeignThread = true;
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        Check();
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    public const string InvalidAsynchronousInvocation =
        "An invalid asynchronous invocation was detected. This can be caused by awaiting non-durable tasks in an orchestrator function's " +
        "implementation or by middleware that invokes asynchronous code.";
}
