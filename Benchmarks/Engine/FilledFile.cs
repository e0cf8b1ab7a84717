using Benchmarks.Checkouts;
using LocalHost.Storage;
using Microsoft.Data.Sqlite;

namespace Benchmarks.Engine;

/// <summary>
/// A store's file with many finished checkouts: one is run, and its rows are copied under other ids, times and statuses, in one transaction.
/// Of a hundred one keeps its history: the others' rows would take 40 GB, and no list reads them.
/// </summary>
internal static class FilledFile
{
    public const string Prefix = "chk_";
    private const int HistoryEvery = 100;

    /// <summary>Of a thousand instances one waits, ten failed and ten were terminated.</summary>
    private const string Status = "CASE WHEN n % 1000 = 7 THEN 0 WHEN n % 100 = 3 THEN 3 WHEN n % 100 = 4 THEN 5 ELSE 1 END";

    public static async Task<string> Create(Workspace files, int finished)
    {
        var file = files.NewFile();
        var checkout = CheckoutEngine.Buyers(1);
        using (var engine = new CheckoutEngine(file))
            await engine.StepAll(checkout);
        Copy(file, checkout[0].Id, finished - 1);
        return file;
    }

    /// <summary>The id of the n-th copy: as long as a real one, and in the order of n.</summary>
    public static string IdOf(int n) => $"{Prefix}{n:x8}{new string('e', 24)}";

    /// <summary>The times are spread over a year and don't follow the ids: an id is random.</summary>
    public static DateTimeOffset TimeOf(int n, int count) => Start.AddSeconds((long)n * 7_654_321 % count * (31_536_000.0 / count));

    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static void Copy(string file, string from, int count)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        // Speed only: this file isn't the measured writing.
        Run("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN");
        connection.CreateFunction("id_of", (long n) => IdOf((int)n), isDeterministic: true);
        connection.CreateFunction("time_of", (long n) => TimeOf((int)n, count).UtcTicks, isDeterministic: true);
        var numbers = $"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count})";
        foreach (var table in count > 0 ? Strings("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") : [])
        {
            var columns = Strings($"SELECT name FROM pragma_table_info('{table}') ORDER BY cid");
            if (!columns.Contains("instance_id"))
                continue;
            // A finished instance has nothing in its inbox and no activities, so those tables give no rows.
            Run($"{numbers} INSERT INTO {table} SELECT {string.Join(", ", columns.Select(Copied))} FROM numbers CROSS JOIN {table} "
                + $"WHERE instance_id = '{from}'{(table == "history" ? $" AND n % {HistoryEvery} = 0" : string.Empty)}");
        }

        Run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");

        // Whatever columns there are: those that tell instances apart change, the others are copied.
        static string Copied(string column) => column switch
        {
            "instance_id" => "id_of(n)",
            "execution_id" => "lower(hex(randomblob(16)))",
            "status" => Status,
            "created_at" => "time_of(n)",
            "updated_at" => "time_of(n) + 600000000",
            _ => column,
        };

        List<string> Strings(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var strings = new List<string>();
            while (reader.Read())
                strings.Add(reader.GetString(0));
            return strings;
        }

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 0;
            command.ExecuteNonQuery();
        }
    }
}
