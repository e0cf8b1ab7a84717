using System.Diagnostics;
using LocalHost.Storage;
using Microsoft.Data.Sqlite;

namespace Benchmarks.Floor;

/// <summary>Writes a recording's rows with nothing around it: one thread, prepared statements, the store's own tables and settings.</summary>
internal static class FloorRun
{
    /// <param name="batch">Work items for each commit; a fraction spreads them evenly.</param>
    public static TimeSpan Time(Recording recording, string path, double batch)
    {
        // The tables.
        new SqliteOrchestrationStore(path).Dispose();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        var prepared = new Dictionary<string, SqliteCommand>(StringComparer.Ordinal);
        Run(new("PRAGMA journal_mode = WAL", []));
        Run(new("PRAGMA synchronous = FULL", []));

        var clock = Stopwatch.StartNew();
        var (written, commits) = (0, 0);
        while (written < recording.Items.Count)
        {
            Run(Begin);
            for (var end = Math.Min(recording.Items.Count, Math.Max(written + 1, Math.Round(++commits * batch))); written < end; written++)
            {
                foreach (var statement in recording.Items[written])
                    Run(statement);
            }

            Run(Commit);
        }

        clock.Stop();
        foreach (var command in prepared.Values)
            command.Dispose();
        return clock.Elapsed;

        void Run(Statement statement)
        {
            if (!prepared.TryGetValue(statement.Sql, out var command))
                prepared.Add(statement.Sql, command = Prepare(connection, statement));
            for (var i = 0; i < statement.Values.Length; i++)
                command.Parameters[i].Value = statement.Values[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    private static readonly Statement Begin = new("BEGIN IMMEDIATE", []);

    private static readonly Statement Commit = new("COMMIT", []);

    private static SqliteCommand Prepare(SqliteConnection connection, Statement statement)
    {
        var command = connection.CreateCommand();
        command.CommandText = statement.Sql;
        for (var i = 1; i <= statement.Values.Length; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = "?" + i });
        return command;
    }
}
