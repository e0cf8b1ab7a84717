namespace LocalHost.Engine;

/// <summary>A bounded number of things that run at once.</summary>
internal sealed class Lanes(int count)
{
    private readonly Lock gate = new();
    private readonly HashSet<Task> running = [];

    public int Free
    {
        get
        {
            lock (gate)
                return count - running.Count;
        }
    }

    /// <summary>The caller has seen a free lane; only one caller starts work. The lane is free when the work has ended or is given up.</summary>
    public void Run(Func<Task> work, Action whenFree, Task? givenUp = null)
    {
        lock (gate)
        {
            Task task = givenUp is null ? Task.Run(work) : Task.WhenAny(Task.Run(work), givenUp);
            running.Add(task);
            task.ContinueWith(Leave, TaskScheduler.Default);
        }

        void Leave(Task finished)
        {
            lock (gate)
                running.Remove(finished);
            whenFree();
        }
    }

    /// <summary>Completes when everything that runs now has ended, however it ended.</summary>
    public Task Idle()
    {
        lock (gate)
            return Task.WhenAll(running.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));
    }
}
