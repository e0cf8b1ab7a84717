using Azure;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CheckoutFunctions.Database;

/// <summary>Tells a store that can't be used now from a statement that is wrong.</summary>
public static class StoreFault
{
    // SQLite's result codes: perm, busy, locked, no memory, read-only, I/O error, corrupt, full, can't open, protocol, not a database.
    private static readonly int[] Unavailable = [3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26];

    /// <summary>
    /// Disk full, locked, unreadable, damaged, or a server that is gone: the same call may work later. Nothing of the transaction was stored, unless
    /// the connection broke while a server committed: then nobody knows, and the same call finds out.
    /// </summary>
    public static bool IsUnavailable(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: var code } => Unavailable.Contains(code),
        // Connection, resources, an operator's intervention, the system; and what lost to others too often.
        PostgresException { SqlState: var state } => state[..2] is "08" or "40" or "53" or "57" or "58" or "55",
        RequestFailedException { Status: var status } => status is 0 or 408 or 429 or >= 500, // Azure Tables; 0: it didn't answer
        AggregateException { InnerExceptions: var tries } => tries.Count > 0 && tries.All(IsUnavailable), // each try of Azure's client
        NpgsqlException => true, // not the server's words: its connection broke, or it took too long
        _ => false,
    };
}
