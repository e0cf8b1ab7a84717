using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Database;

/// <summary>Tells a store that can't be used now from a statement that is wrong.</summary>
public static class StoreFault
{
    // SQLite's result codes: perm, busy, locked, no memory, read-only, I/O error, corrupt, full, can't open, protocol, not a database.
    private static readonly int[] Unavailable = [3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26];

    /// <summary>Disk full, locked, unreadable or damaged: nothing of the transaction was stored, and the same call may work later.</summary>
    public static bool IsUnavailable(Exception failure) => failure is SqliteException { SqliteErrorCode: var code } && Unavailable.Contains(code);
}
