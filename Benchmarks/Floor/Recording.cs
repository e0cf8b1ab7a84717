using Benchmarks.Checkouts;
using LocalHost.Storage;

namespace Benchmarks.Floor;

/// <summary>
/// What the store wrote for some checkouts: one entry for each work item (a start, a command, a turn, an activity's lease, its result),
/// each the statements of one transaction.
/// </summary>
internal sealed class Recording
{
    private readonly List<Statement[]> items = [];
    private readonly List<Statement> open = [];
    private bool inTransaction;

    public IReadOnlyList<Statement[]> Items => items;

    /// <summary>Steps the engine through the checkouts in memory, so that each transaction is one work item, whatever the store groups under load.</summary>
    public static async Task<Recording> Of(int checkouts)
    {
        var recording = new Recording();
        using var tap = new SqliteTap(recording.Hear);
        using var engine = new CheckoutEngine(SqliteOrchestrationStore.InMemory);
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
            open.Clear();
        else if (Is("INSERT") || Is("UPDATE") || Is("DELETE") || Is("REPLACE"))
            open.Add(Statement.Parse(sql, expanded));

        if (Is("COMMIT") || Is("ROLLBACK"))
            inTransaction = false;
        if (inTransaction || open.Count == 0)
            return;

        items.Add([.. open]);
        open.Clear();

        bool Is(string verb) => sql.AsSpan().TrimStart().StartsWith(verb, StringComparison.OrdinalIgnoreCase);
    }
}
