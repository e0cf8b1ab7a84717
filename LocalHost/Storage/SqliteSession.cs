using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LocalHost.Storage;

/// <summary>One SQLite connection with its prepared statements, for one caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    // For a file that another program has locked.
    private const int LongestWaitSeconds = 5;

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    private SqliteSession(string path, int lockSeconds = LongestWaitSeconds)
    {
        // Without a time-out of its own the driver would go on asking for 30 s.
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = lockSeconds };
        connection = new SqliteConnection(settings.ToString());
        connection.Open();
        Execute($"PRAGMA busy_timeout = {lockSeconds * 1000}; PRAGMA cache_size = -16000;");
    }

    /// <summary>True from BEGIN on, until a commit, a roll-back, or a failure that made SQLite roll back by itself (disk full, I/O error).</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Opens a file, with our tables in it.</summary>
    public static SqliteSession ForWriting(string path, int lockSeconds = LongestWaitSeconds)
    {
        var session = new SqliteSession(path, lockSeconds);
        try
        {
            // FULL: a commit that was answered survives a power cut, not only the end of the process.
            session.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;");
            Schema.Apply(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public static SqliteSession ForReading(string path)
    {
        var session = new SqliteSession(path);
        session.Execute("PRAGMA query_only = 1;");
        return session;
    }

    /// <summary>Several statements, once.</summary>
    public void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <returns>The number of rows changed.</returns>
    public int Run(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>Hands the rows over one by one, until <paramref name="goesOn"/> has had enough.</summary>
    public void Scan(string sql, Func<SqliteDataReader, bool> goesOn, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        while (reader.Read() && goesOn(reader))
        {
        }
    }

    /// <summary>Whatever the transaction has come to, it is over afterwards.</summary>
    public void RollBack()
    {
        if (InTransaction)
            Run("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        connection.Dispose();
    }

    /// <summary>Parameters are positional: <c>?1</c>, <c>?2</c>, …</summary>
    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = "?" + i });
            prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
