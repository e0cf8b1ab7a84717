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
        Run(Full);
        Run(new("PRAGMA cache_size = -16000", []));

        var clock = Stopwatch.StartNew();
        var flushes = true;
        foreach (var group in Groups(recording.Items, batch))
        {
            // As the store does it: a group waits for the disk if one of its work items must.
            if (group.Exists(item => item.Flushed) != flushes)
                Run((flushes = !flushes) ? Full : Normal);
            Run(Begin);
            foreach (var statement in group.SelectMany(item => item.Statements))
                Run(statement);
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

    private static IEnumerable<List<WorkItemRows>> Groups(IReadOnlyList<WorkItemRows> items, double batch)
    {
        var written = 0;
        for (var group = 1; written < items.Count; group++)
        {
            var count = Math.Clamp((int)Math.Round(group * batch) - written, 1, items.Count - written);
            yield return [.. items.Skip(written).Take(count)];
            written += count;
        }
    }

    private static readonly Statement Full = new("PRAGMA synchronous = FULL", []);

    private static readonly Statement Normal = new("PRAGMA synchronous = NORMAL", []);

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
