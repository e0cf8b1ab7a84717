using Microsoft.Data.Sqlite;

namespace LocalHost.TimerTriggers;

/// <summary>The status of each timer function that is due at most once a minute, kept so that a start knows what was missed.</summary>
internal sealed class TimerStatusStore
{
    private readonly string connectionString;

    public TimerStatusStore(string path)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS timers (
                function TEXT PRIMARY KEY COLLATE NOCASE,
                last INTEGER NOT NULL,
                next INTEGER NOT NULL,
                last_updated INTEGER NOT NULL);
            """;
        command.ExecuteNonQuery();
    }

    public TimerStatus? Read(string function)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT last, next, last_updated FROM timers WHERE function = $function";
        command.Parameters.AddWithValue("$function", function);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new(Time(reader, 0), Time(reader, 1), Time(reader, 2)) : null;
    }

    public void Write(string function, TimerStatus status)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT OR REPLACE INTO timers (function, last, next, last_updated) VALUES ($function, $last, $next, $updated)";
        command.Parameters.AddWithValue("$function", function);
        command.Parameters.AddWithValue("$last", status.Last.Ticks);
        command.Parameters.AddWithValue("$next", status.Next.Ticks);
        command.Parameters.AddWithValue("$updated", status.LastUpdated.Ticks);
        command.ExecuteNonQuery();
    }

    private static DateTime Time(SqliteDataReader row, int column) => new(row.GetInt64(column), DateTimeKind.Utc);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }
}
