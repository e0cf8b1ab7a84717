using System.Globalization;
using LocalHost.QueueTriggers;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LocalHost.Storage;

/// <summary>
/// Looks at the data folder's databases before anything opens them to write. One that can't be used stops the start, untouched:
/// a host that went on would write on top of what may still be rescued.
/// </summary>
internal static class DatabaseCheck
{
    /// <summary>What it may take to read one file. A file too large for that is checked as far as it goes, and by use.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);

    // Somebody who only finishes a write is waited for.
    private const int LockSeconds = 2;

    public static void Hold(DataFolder data, TimeProvider time)
    {
        foreach (var path in Directory.EnumerateFiles(data.Path, "*.db").Order(StringComparer.Ordinal))
        {
            try
            {
                // A hot journal belongs to a first start that was cut off: rolling it back is the next writer's business.
                if (!File.Exists(path + "-journal"))
                    Read(path, time);
                AskToWrite(path);
            }
            catch (SqliteException failure)
            {
                throw new LocalHostException(ReasonOf(path, failure));
            }
        }
    }

    private static void Read(string path, TimeProvider time)
    {
        // SQLite would take it for a new database, and delete what its log still holds.
        if (new FileInfo(path).Length == 0)
            throw new LocalHostException($"The database {path} is empty: restore it from a backup, or delete it with its -wal file if it never held anything.");

        using var connection = Open(path, SqliteOpenMode.ReadOnly);
        if (Ask(connection, "PRAGMA user_version") is var version && int.Parse(version, CultureInfo.InvariantCulture) > NewestVersion(path))
            throw new LocalHostException($"The database {path} has version {version}, newer than this program's {NewestVersion(path)}: start the newer program.");
        if (Examine(connection, time) is { } damage)
            throw new LocalHostException(Damaged(path, damage));
    }

    // The app's own databases count theirs in a table of their own.
    private static int NewestVersion(string path) => Path.GetFileName(path) switch
    {
        DataFolder.DurableFile => Schema.Version,
        DataFolder.QueuesFile => QueueStore.Version,
        _ => 0,
    };

    /// <returns>What is wrong with the file, or null.</returns>
    private static string? Examine(SqliteConnection connection, TimeProvider time)
    {
        var began = time.GetTimestamp();
        raw.sqlite3_progress_handler(connection.Handle, 10_000, _ => time.GetElapsedTime(began) > LongestRead ? 1 : 0, null);
        try
        {
            return Ask(connection, "PRAGMA quick_check(1)") is var found && found == "ok" ? null : found.ReplaceLineEndings(" ");
        }
        catch (SqliteException enough) when (enough.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            return null;
        }
    }

    // Takes the writer's lock and gives it back.
    private static void AskToWrite(string path)
    {
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        // SQLite opens what it may not write for reading, and then begins without a complaint.
        if (raw.sqlite3_db_readonly(connection.Handle, "main") != 0)
            throw new SqliteException("attempt to write a readonly database", raw.SQLITE_READONLY);
        Ask(connection, "BEGIN IMMEDIATE");
        Ask(connection, "ROLLBACK");
    }

    private static string ReasonOf(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL =>
            $"The database {path} is locked by another program: close what has it open, then start again.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => $"The database {path} can't be written: give this user the right to write it, on a disk that isn't read-only.",
        raw.SQLITE_FULL => $"The disk of the database {path} is full: make room, then start again.",
        raw.SQLITE_NOTADB => $"The file {path} is not a database: restore it from a backup; it was left as it is.",
        raw.SQLITE_CORRUPT => Damaged(path, failure.Message),
        _ => $"The database {path} can't be opened ({failure.Message}): see that this user may read and write it, and that its disk works and has room.",
    };

    private static string Damaged(string path, string damage) =>
        $"The database {path} is damaged ({damage}): restore it from a backup; it was left as it is.";

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = LockSeconds }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? string.Empty;
    }
}
