namespace LocalHost.Storage;

/// <summary>
/// A file's writer and readers: writes are committed in groups, reads have connections of their own and wait for nobody. An in-memory database is
/// one connection, used by one caller at a time, and answers before the call returns.
/// </summary>
internal sealed class OrchestrationDatabase : IDisposable
{
    // After a crowd of readers the others are closed: each may hold 16 MB of cache.
    private const int MostIdle = 8;

    private const long MostPages = 4_294_967_294;

    private readonly string path;
    private readonly SqliteSession session;
    private readonly OrchestrationTables tables;
    private readonly GroupCommit? commits;
    private readonly Stack<(SqliteSession Session, OrchestrationTables Tables)> idle = [];
    private readonly Lock gate = new();

    public OrchestrationDatabase(string path)
    {
        this.path = path;
        session = SqliteSession.ForWriting(path);
        tables = new OrchestrationTables(session);
        commits = path == SqliteOrchestrationStore.InMemory ? null : new GroupCommit(session);
    }

    /// <summary>Connections that wait for the next read.</summary>
    internal int IdleReaders
    {
        get
        {
            lock (gate)
                return idle.Count;
        }
    }

    /// <summary>Everything in <paramref name="work"/> or, if it throws, nothing. Done when it is on the disk.</summary>
    public Task<T> Write<T>(Func<OrchestrationTables, T> work) =>
        commits is null ? Task.FromResult(WriteInMemory(work)) : commits.Run(() => work(tables));

    /// <summary>Like a write, but a power cut may take it back.</summary>
    public Task<T> WriteUnflushed<T>(Func<OrchestrationTables, T> work) =>
        commits is null ? Task.FromResult(WriteInMemory(work)) : commits.Run(() => work(tables), flushed: false);

    /// <summary>As on a disk that has no room for another page, until it has again: for tests, since few may fill a disk.</summary>
    public Task<long> Fill(bool full) =>
        Write(_ => session.Query($"PRAGMA max_page_count = {(full ? 1 : MostPages)}", row => row.GetInt64(0))[0]);

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
        lock (gate)
        {
            while (idle.TryPop(out var reader))
                reader.Session.Dispose();
            session.Dispose();
        }
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
        lock (gate)
        {
            if (idle.TryPop(out var reader))
                return reader;
        }

        var opened = SqliteSession.ForReading(path);
        return (opened, new OrchestrationTables(opened));
    }

    private void Return((SqliteSession Session, OrchestrationTables Tables) reader)
    {
        try
        {
            reader.Session.RollBack();
            if (Keep(reader))
                return;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The next read begins on another one.
        }

        reader.Session.Dispose();
    }

    private bool Keep((SqliteSession Session, OrchestrationTables Tables) reader)
    {
        lock (gate)
        {
            if (idle.Count == MostIdle)
                return false;

            idle.Push(reader);
            return true;
        }
    }
}
