using System.Runtime.InteropServices;

namespace Benchmarks.Floor;

/// <summary>
/// Listens to SQLite itself, below every line of ours: each connection opened while this lives counts its commits and, if asked, tells each
/// statement with its values. So the floor is what the store did, however the store is written. One at a time in a process.
/// </summary>
internal sealed class SqliteTap : IDisposable
{
    private const uint TraceStatements = 1;

    private static SqliteTap? current;
    private static readonly AutoExtension OnOpen = Opened;
    private static readonly CommitHook OnCommit = Committed;
    private static readonly TraceHook OnStatement = Traced;

    private readonly Action<string, string>? statement;
    private int commits;

    /// <param name="statement">Gets the statement's text, and the same text with the values in it.</param>
    public SqliteTap(Action<string, string>? statement = null)
    {
        SQLitePCL.Batteries_V2.Init();
        this.statement = statement;
        current = this;
        sqlite3_auto_extension(OnOpen);
    }

    private delegate int AutoExtension(IntPtr database, IntPtr error, IntPtr api);

    private delegate int CommitHook(IntPtr context);

    private delegate int TraceHook(uint kind, IntPtr context, IntPtr prepared, IntPtr text);

    public int Commits => commits;

    public void Dispose()
    {
        sqlite3_cancel_auto_extension(OnOpen);
        current = null;
    }

    private static int Opened(IntPtr database, IntPtr error, IntPtr api)
    {
        sqlite3_commit_hook(database, OnCommit, IntPtr.Zero);
        if (current?.statement is not null)
            _ = sqlite3_trace_v2(database, TraceStatements, OnStatement, IntPtr.Zero);
        return 0;
    }

    private static int Committed(IntPtr context)
    {
        if (current is { } tap)
            Interlocked.Increment(ref tap.commits);
        return 0;
    }

    private static int Traced(uint kind, IntPtr context, IntPtr prepared, IntPtr text)
    {
        var expanded = sqlite3_expanded_sql(prepared);
        if (current?.statement is { } statement)
            statement(Marshal.PtrToStringUTF8(sqlite3_sql(prepared)) ?? string.Empty, Marshal.PtrToStringUTF8(expanded) ?? string.Empty);
        sqlite3_free(expanded);
        return 0;
    }

    [DllImport("e_sqlite3")]
    private static extern int sqlite3_auto_extension(AutoExtension entry);

    [DllImport("e_sqlite3")]
    private static extern int sqlite3_cancel_auto_extension(AutoExtension entry);

    [DllImport("e_sqlite3")]
    private static extern IntPtr sqlite3_commit_hook(IntPtr database, CommitHook hook, IntPtr context);

    [DllImport("e_sqlite3")]
    private static extern int sqlite3_trace_v2(IntPtr database, uint mask, TraceHook hook, IntPtr context);

    [DllImport("e_sqlite3")]
    private static extern IntPtr sqlite3_sql(IntPtr prepared);

    [DllImport("e_sqlite3")]
    private static extern IntPtr sqlite3_expanded_sql(IntPtr prepared);

    [DllImport("e_sqlite3")]
    private static extern void sqlite3_free(IntPtr memory);
}
