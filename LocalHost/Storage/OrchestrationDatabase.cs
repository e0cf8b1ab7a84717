using System.Collections.Concurrent;

namespace LocalHost.Storage;

/// <summary>
/// A file's writer and readers: writes are committed in groups, reads have connections of their own and wait for nobody. An in-memory database is
/// one connection, used by one caller at a time, and answers before the call returns.
/// </summary>
internal sealed class OrchestrationDatabase : IDisposable
{
    private readonly string path;
    private readonly SqliteSession session;
    private readonly OrchestrationTables tables;
    private readonly GroupCommit? commits;
    private readonly ConcurrentBag<(SqliteSession Session, OrchestrationTables Tables)> idle = [];
    private readonly Lock gate = new();

    public OrchestrationDatabase(string path)
    {
        this.path = path;
        session = SqliteSession.ForWriting(path);
        tables = new OrchestrationTables(session);
        commits = path == SqliteOrchestrationStore.InMemory ? null : new GroupCommit(session);
    }

    /// <summary>Everything in <paramref name="work"/> or, if it throws, nothing. Done when it is on the disk.</summary>
    public Task<T> Write<T>(Func<OrchestrationTables, T> work) =>
        commits is null ? Task.FromResult(WriteInMemory(work)) : commits.Run(() => work(tables));

    /// <summary>Like a write, but a power cut may take it back.</summary>
    public Task<T> WriteUnflushed<T>(Func<OrchestrationTables, T> work) =>
        commits is null ? Task.FromResult(WriteInMemory(work)) : commits.Run(() => work(tables), flushed: false);

    /// <summary>Reads what was committed at one moment.</summary>
    public T Read<T>(Func<OrchestrationTables, T> read)
    {
        if (commits is null)
        {
            lock (gate)
                return read(tables);
        }

        var reader = Rent();
        try
        {
            reader.Session.Run("BEGIN");
            return read(reader.Tables);
        }
        finally
        {
            Return(reader);
        }
    }

    public void Dispose()
    {
        commits?.Dispose();
        while (idle.TryTake(out var reader))
            reader.Session.Dispose();
        lock (gate)
            session.Dispose();
    }

    private T WriteInMemory<T>(Func<OrchestrationTables, T> work)
    {
        lock (gate)
        {
            session.Run("BEGIN IMMEDIATE");
            try
            {
                var result = work(tables);
                session.Run("COMMIT");
                return result;
            }
            finally
            {
                session.RollBack();
            }
        }
    }

    private (SqliteSession Session, OrchestrationTables Tables) Rent()
    {
        if (idle.TryTake(out var reader))
            return reader;

        var opened = SqliteSession.ForReading(path);
        return (opened, new OrchestrationTables(opened));
    }

    private void Return((SqliteSession Session, OrchestrationTables Tables) reader)
    {
        try
        {
            reader.Session.RollBack();
            idle.Add(reader);
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            reader.Session.Dispose();
        }
    }
}
