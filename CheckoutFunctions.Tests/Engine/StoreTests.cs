using LocalHost.Engine;
using LocalHost.Engine.Replay;
using LocalHost.Storage;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Engine;

public sealed class StoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SqliteOrchestrationStore store = new(SqliteOrchestrationStore.InMemory);

    public void Dispose() => store.Dispose();

    [Fact]
    public void A_turn_whose_last_part_cannot_be_stored_leaves_nothing_behind()
    {
        store.Create(new NewInstance("one", "Code", "1", Now, Now), []);
        store.Create(new NewInstance("other", "Code", "1", Now, Now), []);
        var turn = store.ReadTurn("one", Now)!;
        var nameless = new TaskScheduled(Now, 1, null!, null);

        Assert.Throws<SqliteException>(() => store.CompleteTurn(ResultOf(turn) with { Activities = [new(Now, 0, "Fine", null), nameless] }));

        var instance = store.Find("one")!;
        Assert.Equal((OrchestrationRuntimeStatus.Pending, 0L, null), (instance.Status, instance.HistoryLength, instance.CustomStatus));
        Assert.Empty(store.ReadHistory("one"));
        Assert.Empty(store.VisibleActivities(Now, 10));
        Assert.Equal(turn.NewEvents, store.ReadTurn("one", Now)!.NewEvents);
    }

    [Fact]
    public void A_turn_on_an_outdated_history_is_refused()
    {
        store.Create(new NewInstance("one", "Code", "1", Now, Now), []);
        var turn = store.ReadTurn("one", Now)!;

        Assert.True(store.CompleteTurn(ResultOf(turn)));
        Assert.False(store.CompleteTurn(ResultOf(turn)));

        Assert.Single(store.ReadHistory("one"));
        Assert.Single(store.VisibleActivities(Now, 10));
    }

    [Fact]
    public void Only_one_of_two_takes_a_lease_and_a_release_makes_it_free_again()
    {
        store.Create(new NewInstance("one", "Code", "1", Now, Now), []);
        store.CompleteTurn(ResultOf(store.ReadTurn("one", Now)!));
        var item = Assert.Single(store.VisibleActivities(Now, 10));

        var leased = store.Lease(item, Now, Now.AddMinutes(5));
        Assert.Null(store.Lease(item, Now, Now.AddMinutes(5)));
        Assert.Equal(Now.AddMinutes(5), store.NextVisibleTime(Now));
        store.ReleaseLeases();
        var again = store.Lease(item, Now, Now.AddMinutes(5));

        Assert.False(store.CompleteActivity(leased!, new TaskCompleted(Now, 0, "1")));
        Assert.True(store.CompleteActivity(again!, new TaskCompleted(Now, 0, "2")));
        Assert.Equal(new TaskCompleted(Now, 0, "2"), Assert.Single(store.ReadTurn("one", Now)!.NewEvents).Event);
    }

    private static TurnResult ResultOf(Turn turn) => new(turn, Now, OrchestrationRuntimeStatus.Running)
    {
        CustomStatus = "\"set\"",
        NewHistory = [new OrchestratorStarted(Now)],
        Activities = [new TaskScheduled(Now, 0, "Do", null)],
        Messages = [new OutgoingMessage("other", new EventRaised(Now, "Go", null), Now)],
    };
}
