using LocalHost.Engine;
using LocalHost.Engine.Replay;
using LocalHost.Storage;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>What every store holds: in memory, where writes happen at once, and in a file, where they are committed in groups.</summary>
public abstract class StoreTests : IDisposable
{
    protected static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SqliteOrchestrationStore store;

    protected StoreTests(string path) => store = new SqliteOrchestrationStore(path);

    public virtual void Dispose() => store.Dispose();

    [Fact]
    public async Task A_turn_whose_last_part_cannot_be_stored_leaves_nothing_behind()
    {
        await store.Create(new NewInstance("one", "Code", "1", Now, Now), []);
        await store.Create(new NewInstance("other", "Code", "1", Now, Now), []);
        var turn = store.ReadTurn("one", Now)!;
        var nameless = new TaskScheduled(Now, 1, null!, null);

        await Assert.ThrowsAsync<SqliteException>(() => store.CompleteTurn(ResultOf(turn) with { Activities = [new(Now, 0, "Fine", null), nameless] }));

        var instance = store.Find("one")!;
        Assert.Equal((OrchestrationRuntimeStatus.Pending, 0L, null), (instance.Status, instance.HistoryLength, instance.CustomStatus));
        Assert.Empty(store.ReadHistory("one"));
        Assert.Empty(Look().Activities);
        Assert.Equal(turn.NewEvents, store.ReadTurn("one", Now)!.NewEvents);
    }

    [Fact]
    public async Task A_turn_on_an_outdated_history_is_refused()
    {
        await store.Create(new NewInstance("one", "Code", "1", Now, Now), []);
        var turn = store.ReadTurn("one", Now)!;

        Assert.True(await store.CompleteTurn(ResultOf(turn)));
        Assert.False(await store.CompleteTurn(ResultOf(turn)));

        Assert.Single(store.ReadHistory("one"));
        Assert.Single(Look().Activities);
    }

    [Fact]
    public async Task Only_one_of_two_takes_a_lease_and_a_release_makes_it_free_again()
    {
        await store.Create(new NewInstance("one", "Code", "1", Now, Now), []);
        await store.CompleteTurn(ResultOf(store.ReadTurn("one", Now)!));
        var item = Assert.Single(Look().Activities);

        var leased = await store.Lease(item, Now, Now.AddMinutes(5));
        Assert.Null(await store.Lease(item, Now, Now.AddMinutes(5)));
        Assert.Equal(Now.AddMinutes(5), Look().Next);
        await store.ReleaseLeases();
        var again = await store.Lease(item, Now, Now.AddMinutes(5));

        Assert.False(await store.CompleteActivity(leased!, new TaskCompleted(Now, 0, "1")));
        Assert.True(await store.CompleteActivity(again!, new TaskCompleted(Now, 0, "2")));
        Assert.Equal(new TaskCompleted(Now, 0, "2"), Assert.Single(store.ReadTurn("one", Now)!.NewEvents).Event);
    }

    private VisibleWork Look() => store.Look(Now, 10, 10, _ => false);

    private static TurnResult ResultOf(Turn turn) => new(turn, Now, OrchestrationRuntimeStatus.Running)
    {
        CustomStatus = "\"set\"",
        NewHistory = [new OrchestratorStarted(Now)],
        Activities = [new TaskScheduled(Now, 0, "Do", null)],
        Messages = [new OutgoingMessage("other", new EventRaised(Now, "Go", null), Now)],
    };
}

public sealed class MemoryStoreTests() : StoreTests(SqliteOrchestrationStore.InMemory);

public sealed class FileStoreTests : StoreTests
{
    private readonly string path;

    public FileStoreTests()
        : this(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db"))
    {
    }

    private FileStoreTests(string path)
        : base(path) => this.path = path;

    public override void Dispose()
    {
        base.Dispose();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
            File.Delete(file);
    }
}
