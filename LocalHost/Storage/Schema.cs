namespace LocalHost.Storage;

/// <summary>Five tables. Times are UTC ticks; events are JSON.</summary>
internal static class Schema
{
    /// <summary>Kept as SQLite's <c>user_version</c>: a file of an older one is brought up to it, one of a newer one is refused.</summary>
    public const int Version = 1;

    /// <summary>Brings a file up to this version, in one transaction.</summary>
    public static void Apply(SqliteSession session)
    {
        session.Run("BEGIN IMMEDIATE");
        try
        {
            if (session.Query("PRAGMA user_version", row => row.GetInt32(0))[0] == 0)
                Upgrade(session);
            session.Run("COMMIT");
        }
        finally
        {
            session.RollBack();
        }
    }

    private static void Upgrade(SqliteSession session)
    {
        var columns = session.Query("SELECT name FROM pragma_table_info('instances')", row => row.GetString(0));
        session.Execute(Sql);
        if (columns.Count > 0)
        {
            foreach (var column in new[] { "tags", "version" }.Except(columns))
                session.Execute($"ALTER TABLE instances ADD COLUMN {column} TEXT");
            session.Execute("INSERT INTO inputs SELECT instance_id, input FROM instances WHERE input IS NOT NULL; ALTER TABLE instances DROP COLUMN input");
        }

        session.Execute($"{Indexes}; PRAGMA user_version = {Version}");
    }

    private const string Sql =
        """
        CREATE TABLE IF NOT EXISTS instances (
            instance_id TEXT PRIMARY KEY,
            execution_id TEXT NOT NULL,
            generation INTEGER NOT NULL,
            name TEXT NOT NULL,
            status INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            starts_at INTEGER NOT NULL,
            output TEXT,
            custom_status TEXT,
            parent_id TEXT,
            parent_execution_id TEXT,
            parent_name TEXT,
            parent_task_id INTEGER,
            history_length INTEGER NOT NULL,
            tags TEXT,
            version TEXT
        ) WITHOUT ROWID;

        -- Apart from the row that every turn rewrites.
        CREATE TABLE IF NOT EXISTS inputs (
            instance_id TEXT PRIMARY KEY,
            input TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS history (
            instance_id TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            event TEXT NOT NULL,
            PRIMARY KEY (instance_id, sequence)
        ) WITHOUT ROWID;

        -- Messages for instances: the inbox. A timer is a message that becomes visible when it fires.
        CREATE TABLE IF NOT EXISTS new_events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            instance_id TEXT NOT NULL,
            visible_time INTEGER NOT NULL,
            timer_id INTEGER,
            event TEXT NOT NULL
        );
        CREATE INDEX IF NOT EXISTS new_events_by_instance ON new_events (instance_id, visible_time);
        CREATE INDEX IF NOT EXISTS new_events_by_time ON new_events (visible_time, instance_id);

        -- Activities to run. The attempt grows with every lease, so it is the lease's token too.
        CREATE TABLE IF NOT EXISTS new_tasks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            instance_id TEXT NOT NULL,
            task_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            input TEXT,
            lease_until INTEGER NOT NULL,
            attempt INTEGER NOT NULL
        );
        CREATE INDEX IF NOT EXISTS new_tasks_by_instance ON new_tasks (instance_id);
        CREATE INDEX IF NOT EXISTS new_tasks_by_lease ON new_tasks (lease_until, id);
        """;

    /// <summary>For lists.</summary>
    private const string Indexes =
        """
        CREATE INDEX IF NOT EXISTS instances_by_status ON instances (status, instance_id, created_at);
        CREATE INDEX IF NOT EXISTS instances_by_creation ON instances (created_at, status)
        """;
}
