using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Sandbox;

/// <summary>
/// The providers' memory: one SQLite file, one writer. A piece of work runs alone, in a transaction, and its result is handed out only once that
/// is on disk, so that a kill loses nothing that was answered. Pieces that wait together share a commit.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int MostPerCommit = 128;
    private readonly Channel<Work> waiting = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    private readonly SqliteConnection connection;
    private readonly Task writer;

    public Database(string? folder)
    {
        if (folder is not null)
            Directory.CreateDirectory(folder);
        var file = folder is null ? ":memory:" : Path.Combine(folder, "sandbox.db");
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
        connection.Execute(Schema);
        writer = Task.Run(Write);
    }

    /// <summary>Runs the work and returns what it gave. Throwing takes back what this work wrote, and nothing else.</summary>
    public async Task<T> Run<T>(Func<SqliteConnection, T> work)
    {
        var piece = new Work(connection => work(connection));
        if (!waiting.Writer.TryWrite(piece))
            throw new ObjectDisposedException(nameof(Database));
        return (T)(await piece.Done.Task)!;
    }

    public void Dispose()
    {
        waiting.Writer.TryComplete();
        writer.GetAwaiter().GetResult();
        connection.Dispose();
    }

    private async Task Write()
    {
        var batch = new List<Work>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostPerCommit && waiting.Reader.TryRead(out var work))
                batch.Add(work);
            Commit(batch);
        }
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            using var transaction = connection.BeginTransaction();
            foreach (var work in batch)
                work.Try(connection, transaction);
            transaction.Commit();
        }
#pragma warning disable CA1031 // Whoever waits for the work gets the fault.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            batch.ForEach(work => work.Done.TrySetException(fault));
            return;
        }

        batch.ForEach(work => work.Settle());
    }

    private sealed class Work(Func<SqliteConnection, object?> act)
    {
        private object? result;
        private Exception? fault;

        public TaskCompletionSource<object?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Try(SqliteConnection connection, SqliteTransaction transaction)
        {
            transaction.Save("work");
            try
            {
                result = act(connection);
                transaction.Release("work");
            }
#pragma warning disable CA1031 // One work's fault must not fail its neighbours.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                transaction.Rollback("work");
                transaction.Release("work");
                fault = thrown;
            }
        }

        public void Settle()
        {
            if (fault is null)
                Done.TrySetResult(result);
            else
                Done.TrySetException(fault);
        }
    }

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS objects (
            number INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
            UNIQUE (provider, kind, id));
        CREATE TABLE IF NOT EXISTS payments (
            provider TEXT NOT NULL, id TEXT NOT NULL, reference TEXT, amount INTEGER NOT NULL, currency TEXT NOT NULL, state TEXT NOT NULL,
            captured INTEGER NOT NULL, refunded INTEGER NOT NULL, PRIMARY KEY (provider, id));
        CREATE TABLE IF NOT EXISTS tax_documents (
            provider TEXT NOT NULL, id TEXT NOT NULL, amount INTEGER NOT NULL, tax INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (provider, id));
        CREATE TABLE IF NOT EXISTS calls (name TEXT PRIMARY KEY, count INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS idempotency_keys (
            key TEXT PRIMARY KEY, path TEXT NOT NULL, parameters TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
            request_id TEXT NOT NULL, created INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS webhooks (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, type TEXT NOT NULL, object TEXT NOT NULL, body TEXT NOT NULL,
            due INTEGER, tries INTEGER NOT NULL DEFAULT 0, status INTEGER);
        CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (due) WHERE due IS NOT NULL;
        CREATE INDEX IF NOT EXISTS idempotency_keys_created ON idempotency_keys (created);
        """;
}
