using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LocalHost.Storage;

/// <summary>What a failure says about the database file and its disk, rather than about the statement.</summary>
internal static class StoreFault
{
    /// <summary>The file can't be used now: full disk, lock, no rights, I/O error, damage. Nothing of the transaction was stored.</summary>
    public static bool IsUnavailable(Exception failure) => failure is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_READONLY or raw.SQLITE_PERM
            or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL or raw.SQLITE_NOMEM or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
    };

    /// <summary>The file's content is wrong: trying again doesn't help, and writing may make it worse.</summary>
    public static bool IsDamage(Exception failure) => failure is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    /// <summary>What whoever looks after the host can do about an outage, in a sentence.</summary>
    public static string Remedy(Exception failure, string folder) => (failure as SqliteException)?.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => $"Make room on the disk of {folder}.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => $"Close the program that holds a lock on a file in {folder}.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => $"Let this user write the files in {folder}.",
        _ => $"See that the disk of {folder} works and has room.",
    };
}
