using Benchmarks.Checkouts;
using Benchmarks.Engine;

namespace Benchmarks.Floor;

/// <summary>
/// What the store wrote for some checkouts: one entry for each work item (a start, a command, a turn, an activity's lease, its result),
/// each the statements of one transaction.
/// </summary>
internal sealed class Recording
{
    private readonly List<WorkItemRows> items = [];
    private readonly List<Statement> open = [];
    private bool inTransaction;
    private bool flushed = true;

    public IReadOnlyList<WorkItemRows> Items => items;

    /// <summary>Steps the engine through the checkouts, so that each transaction is one work item, whatever the store groups under load.</summary>
    public static async Task<Recording> Of(int checkouts)
    {
        var recording = new Recording();
        using var files = Workspace.InMemory();
        using var tap = new SqliteTap(recording.Hear);
        using var engine = new CheckoutEngine(files.NewFile());
        recording.Forget();
        await engine.StepAll(CheckoutEngine.Buyers(checkouts));
        return recording;
    }

    // The making of the tables.
    private void Forget()
    {
        items.Clear();
        open.Clear();
    }

    private void Hear(string sql, string expanded)
    {
        if (Is("BEGIN"))
            inTransaction = true;
        else if (Is("ROLLBACK"))
            open.Clear(); // To a savepoint too: a group of one has nothing else in it.
        else if (Is("PRAGMA synchronous"))
            flushed = !sql.Contains("NORMAL", StringComparison.OrdinalIgnoreCase);
        else if (Is("INSERT") || Is("UPDATE") || Is("DELETE") || Is("REPLACE"))
            open.Add(Statement.Parse(sql, expanded));

        if (Is("COMMIT") || (Is("ROLLBACK") && !Is("ROLLBACK TO")))
            inTransaction = false;
        if (inTransaction || open.Count == 0)
            return;

        items.Add(new([.. open], flushed));
        open.Clear();

        bool Is(string verb) => sql.AsSpan().TrimStart().StartsWith(verb, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>What one work item wrote. <paramref name="Flushed"/>: its commit waited for the disk (synchronous=FULL).</summary>
internal sealed record WorkItemRows(IReadOnlyList<Statement> Statements, bool Flushed);
