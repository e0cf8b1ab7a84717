using System.Collections.Concurrent;

namespace LocalHost.Storage;

/// <summary>
/// Writes in groups: what is asked for while one transaction goes to the disk becomes the next one, so that one flush covers them all. Nobody is
/// answered before the flush. Each write happens entirely or not at all, and one that fails takes none of the others with it.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    // Bounds how long the first of a group waits for the last.
    private const int Largest = 256;

    private readonly SqliteSession session;
    private readonly BlockingCollection<Write> waiting = [];
    private readonly Thread thread;
    private bool flushes = true;

    public GroupCommit(SqliteSession session)
    {
        this.session = session;
        thread = new Thread(CommitGroups) { IsBackground = true, Name = "Durable commits" };
        thread.Start();
    }

    /// <param name="work">Runs inside the group's transaction; again in one of its own if the group can't be written.</param>
    /// <param name="flushed">False for what may be lost in a power cut, with all that came after it.</param>
    public Task<T> Run<T>(Func<T> work, bool flushed = true)
    {
        var write = new Write<T>(work, flushed);
        try
        {
            waiting.Add(write);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(GroupCommit));
        }

        return write.Answer;
    }

    /// <summary>Writes what is waiting, then stops.</summary>
    public void Dispose()
    {
        if (waiting.IsAddingCompleted)
            return;

        waiting.CompleteAdding();
        thread.Join();
    }

    private void CommitGroups()
    {
        foreach (var first in waiting.GetConsumingEnumerable())
        {
            var group = new List<Write> { first };
            while (group.Count < Largest && waiting.TryTake(out var next))
                group.Add(next);
            Commit(group);
        }
    }

    private void Commit(List<Write> group)
    {
        try
        {
            Flush(group.Exists(write => write.Flushed));
            session.Run("BEGIN IMMEDIATE");
        }
        catch (Exception failure)
        {
            // No write's fault: each would wait as long for the same lock, one after the other.
            RollBack();
            group.ForEach(write => write.Fail(failure));
            return;
        }

        try
        {
            foreach (var write in group)
                RunOne(write, alone: group.Count == 1);
            session.Run("COMMIT");
        }
        catch (Exception failure)
        {
            RollBack();
            if (group.Count == 1)
                group[0].Fail(failure);
            else
                group.FindAll(write => !write.HasFailed).ForEach(write => Commit([write]));
            return;
        }

        group.FindAll(write => !write.HasFailed).ForEach(write => write.Succeed());
    }

    private void RunOne(Write write, bool alone)
    {
        if (alone)
        {
            write.Run();
            return;
        }

        session.Run("SAVEPOINT one");
        try
        {
            write.Run();
        }
        catch (Exception failure) when (session.InTransaction)
        {
            session.Run("ROLLBACK TO one");
            write.Fail(failure);
        }

        session.Run("RELEASE one");
    }

    private void Flush(bool flush)
    {
        if (flush == flushes)
            return;

        session.Run(flush ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        flushes = flush;
    }

    private void RollBack()
    {
        try
        {
            session.RollBack();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The first exception tells why; the next BEGIN finds out whether it has passed.
        }
    }

    private abstract class Write(bool flushed)
    {
        public bool Flushed => flushed;

        /// <summary>Its caller knows that it didn't happen.</summary>
        public abstract bool HasFailed { get; }

        public abstract void Run();

        public abstract void Succeed();

        public abstract void Fail(Exception failure);
    }

    private sealed class Write<T>(Func<T> work, bool flushed) : Write(flushed)
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T result = default!;

        public Task<T> Answer => answer.Task;

        public override bool HasFailed => answer.Task.IsFaulted;

        public override void Run() => result = work();

        public override void Succeed() => answer.SetResult(result);

        public override void Fail(Exception failure) => answer.SetException(failure);
    }
}
