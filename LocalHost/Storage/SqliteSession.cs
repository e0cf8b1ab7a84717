using Microsoft.Data.Sqlite;

namespace LocalHost.Storage;

/// <summary>
/// One SQLite connection with its prepared statements, used by one caller at a time: writes never wait for each other inside SQLite,
/// only for the lock here, and an in-memory database lives as long as the connection.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = [];
    private readonly Lock gate = new();

    public SqliteSession(string path)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        // FULL: a commit that was answered survives a power cut, not only the end of the process.
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
        Execute(Schema.Sql);
        foreach (var column in Schema.AddedColumns.Except(Query("SELECT name FROM pragma_table_info('instances')", row => row.GetString(0))))
            Execute($"ALTER TABLE instances ADD COLUMN {column} TEXT");
    }

    /// <summary>Everything in <paramref name="work"/>, or nothing if it throws or <paramref name="commits"/> says no.</summary>
    public T Transaction<T>(Func<T> work, Func<T, bool>? commits = null)
    {
        lock (gate)
        {
            Run("BEGIN IMMEDIATE");
            try
            {
                var result = work();
                Run(commits?.Invoke(result) ?? true ? "COMMIT" : "ROLLBACK");
                return result;
            }
            catch
            {
                RollBack();
                throw;
            }
        }
    }

    /// <summary>A consistent read.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (gate)
            return read();
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

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var command in prepared.Values)
                command.Dispose();
            connection.Dispose();
        }
    }

    private void RollBack()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back (disk full, I/O error). The first exception tells why.
        }
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

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
