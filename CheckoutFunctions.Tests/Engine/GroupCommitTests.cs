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
        session = SqliteSession.ForWriting(path, lockSeconds: 1);
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
    public async Task A_write_that_was_told_of_its_failure_does_not_happen_after_all_when_its_group_is_written_one_by_one()
    {
        var runs = 0;
        var blocker = Block();
        var failing = commits.Run(() => ++runs == 1 ? throw new IOException("Once.") : session.Run("INSERT INTO written VALUES (1)"));
        var lost = commits.Run(() => runs == 1 && session.Run("ROLLBACK") == 0 ? throw new IOException("The disk is full.") : 0);
        var after = Write(3);

        open.Set();

        await Assert.ThrowsAsync<IOException>(() => failing);
        await Assert.ThrowsAsync<IOException>(() => lost);
        await Task.WhenAll(blocker, after);
        Assert.Equal([3], Numbers(reader));
    }

    [Fact]
    public async Task While_another_program_holds_the_file_a_group_fails_as_one_and_not_each_write_after_a_wait_of_its_own()
    {
        using var other = SqliteSession.ForWriting(path, lockSeconds: 1);
        other.Run("BEGIN IMMEDIATE");
        var alone = Write(1);
        var group = new[] { Write(2), Write(3), Write(4) };

        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => alone);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => group[0]);
        other.Run("ROLLBACK");

        foreach (var write in group)
            await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => write);
    }

    [Fact]
    public async Task What_may_be_lost_in_a_power_cut_takes_the_flush_only_from_its_own_group()
    {
        var levels = new List<int>();
        foreach (var flushed in new[] { true, false, true, false, true })
            levels.Add(await commits.Run(() => session.Query("PRAGMA synchronous", row => row.GetInt32(0))[0], flushed));

        Assert.Equal([2, 1, 2, 1, 2], levels);
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
