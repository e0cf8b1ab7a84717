namespace LocalHost.Storage;

/// <summary>Four tables. Times are UTC ticks; events are JSON.</summary>
internal static class Schema
{
    /// <summary>Columns of <c>instances</c> that came later, in their order: a file from before gets them when it is opened.</summary>
    public static readonly string[] AddedColumns = ["tags", "version"];

    public const string Sql =
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
            input TEXT,
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

    /// <summary>For lists: a file from before gets them once, when it is opened.</summary>
    public const string Indexes =
        """
        CREATE INDEX IF NOT EXISTS instances_by_status ON instances (status, instance_id, created_at);
        CREATE INDEX IF NOT EXISTS instances_by_creation ON instances (created_at, status);
        """;
}
