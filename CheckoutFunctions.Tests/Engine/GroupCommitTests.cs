using LocalHost.Storage;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Many writers, one flush: each is still alone with its success or failure.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db");
    private readonly SqliteSession session;
    private readonly SqliteSession reader;
    private readonly GroupCommit commits;
    private readonly ManualResetEventSlim open = new();

    public GroupCommitTests()
    {
        session = SqliteSession.ForWriting(path);
        reader = SqliteSession.ForReading(path);
        commits = new GroupCommit(session);
        session.Run("CREATE TABLE written (number INTEGER PRIMARY KEY)");
    }

    public void Dispose()
    {
        open.Set();
        commits.Dispose();
        session.Dispose();
        reader.Dispose();
        open.Dispose();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
            File.Delete(file);
    }

    [Fact]
    public async Task What_was_asked_for_during_a_commit_is_one_transaction_and_nobody_is_answered_before_its_end()
    {
        var blocker = Block();
        var first = Write(1);
        var second = Write(2);
        var last = commits.Run(() => (Seen: Numbers(reader), Answered: first.IsCompleted || second.IsCompleted));

        open.Set();
        var (seen, answered) = await last;

        await Task.WhenAll(blocker, first, second);
        Assert.Empty(seen);
        Assert.False(answered);
        Assert.Equal([1, 2], Numbers(reader));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_and_takes_none_of_its_group_along()
    {
        var blocker = Block();
        var before = Write(1);
        var failing = commits.Run(() =>
        {
            session.Run("INSERT INTO written VALUES (2)");
            return session.Run("INSERT INTO written VALUES (1)");
        });
        var after = Write(3);

        open.Set();

        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => failing);
        await Task.WhenAll(blocker, before, after);
        Assert.Equal([1, 3], Numbers(reader));
    }

    [Fact]
    public async Task A_group_whose_transaction_is_lost_is_written_one_by_one()
    {
        var runs = 0;
        var blocker = Block();
        var before = Write(1);
        // What SQLite does by itself when the disk is full.
        var full = commits.Run<int>(() =>
        {
            runs++;
            session.Run("ROLLBACK");
            throw new IOException("The disk is full.");
        });
        var after = Write(3);

        open.Set();

        await Assert.ThrowsAsync<IOException>(() => full);
        await Task.WhenAll(blocker, before, after);
        Assert.Equal(2, runs);
        Assert.Equal([1, 3], Numbers(reader));
    }

    [Fact]
    public async Task Stopping_writes_what_is_waiting_and_takes_no_more()
    {
        var blocker = Block();
        var waiting = Write(1);
        open.Set();

        commits.Dispose();

        await Task.WhenAll(blocker, waiting);
        Assert.Equal([1], Numbers(reader));
        Assert.Throws<ObjectDisposedException>(() => { _ = Write(2); });
    }

    private Task<int> Write(int number) => commits.Run(() => session.Run("INSERT INTO written VALUES (?1)", number));

    // A group of its own: what comes meanwhile is the next one.
    private Task<bool> Block()
    {
        using var begun = new ManualResetEventSlim();
        var blocker = commits.Run(() =>
        {
            begun.Set();
            open.Wait();
            return true;
        });
        begun.Wait();
        return blocker;
    }

    private static List<int> Numbers(SqliteSession session) => session.Query("SELECT number FROM written ORDER BY number", row => row.GetInt32(0));
}
