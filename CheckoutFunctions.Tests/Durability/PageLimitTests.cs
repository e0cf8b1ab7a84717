using CheckoutFunctions.Tests.Engine;
using CheckoutFunctions.Tests.Providers;
using LocalHost.Engine;
using LocalHost.Engine.Replay;
using LocalHost.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>A full disk where nobody may mount one: SQLite gets no page more than the file has.</summary>
public sealed class PageLimitTests : IDisposable
{
    private const int Full = 13;

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Large = new('x', 100_000);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pages-");
    private readonly string path;
    private readonly SqliteOrchestrationStore store;

    public PageLimitTests()
    {
        path = Path.Combine(folder.FullName, "durable.db");
        store = new SqliteOrchestrationStore(path);
    }

    public void Dispose()
    {
        store.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_write_that_finds_no_room_leaves_nothing_and_is_possible_once_there_is_some()
    {
        await store.Create(Instance("one", "1"), []);
        await store.Create(Instance("other", "1"), []);
        var turn = store.ReadTurn("one", Now)!;
        var result = new TurnResult(turn, Now, OrchestrationRuntimeStatus.Running)
        {
            CustomStatus = "\"set\"",
            NewHistory = [new OrchestratorStarted(Now)],
            Messages = [new OutgoingMessage("other", new EventRaised(Now, "Go", "1"), Now)],
            Activities = [new TaskScheduled(Now, 0, "Small", null), new TaskScheduled(Now, 1, "Large", Large)],
        };
        await store.Fill(true);

        await IsFull(() => store.CompleteTurn(result));
        await IsFull(() => store.Create(Instance("two", Large), []));
        await IsFull(() => store.Send("one", new EventRaised(Now, "Large", Large)));

        Assert.Null(store.Find("two"));
        Assert.Equal((OrchestrationRuntimeStatus.Pending, 0L, null), (store.Find("one")!.Status, store.Find("one")!.HistoryLength, store.Find("one")!.CustomStatus));
        Assert.Empty(store.ReadHistory("one"));
        Assert.Empty(store.Look(Now, 10, 10, _ => false).Activities);
        Assert.Equal(turn.NewEvents, store.ReadTurn("one", Now)!.NewEvents);
        Assert.Single(store.ReadTurn("other", Now)!.NewEvents);

        await store.Fill(false);
        Assert.True(await store.CompleteTurn(result));
        Assert.Null(await store.Create(Instance("two", Large), []));
        Assert.Equal(2, store.Look(Now, 10, 10, _ => false).Activities.Count);
    }

    [Fact]
    public async Task What_still_fits_is_stored_beside_what_does_not()
    {
        await store.Create(Instance("one", "1"), []);
        await store.Fill(true);

        var small = new EventRaised(Now, "Small", "1");
        var first = store.Send("one", small);
        var large = store.Send("one", new EventRaised(Now, "Large", Large));
        var last = store.Send("one", small);

        await Task.WhenAll(first, last);
        await IsFull(() => large);
        Assert.Equal([small, small], store.ReadTurn("one", Now)!.NewEvents.Select(message => message.Event).OfType<EventRaised>());
    }

    [Fact]
    public async Task The_engine_keeps_what_it_could_not_store_waits_and_goes_on()
    {
        const int Instances = 40, Filled = 10;
        var log = new LogLines();
        var functions = new Functions();
        functions
            .Activity<int>("Writes", async (number, _) =>
            {
                if (functions.Runs["Writes"] == Filled)
                    await store.Fill(true);
                return Large + number;
            })
            .Orchestrator("Calls", async context => (await context.CallActivityAsync<string>("Writes", context.GetInput<int>()))[Large.Length..]);
        var engine = new DurableEngine(
            store,
            functions,
            TimeProvider.System,
            NullLoggerFactory.Instance,
            new EngineOptions { StoreRetryDelay = TimeSpan.FromMilliseconds(20) },
            health: new StoreHealth(TimeProvider.System, log, folder.FullName));
        var client = new LocalDurableTaskClient(engine);
        foreach (var number in Enumerable.Range(0, Instances))
            await client.ScheduleNewOrchestrationInstanceAsync("Calls", number, new StartOrchestrationOptions($"{number}"));
        using var pump = new EngineService(engine, NullLogger<EngineService>.Instance);
        await pump.StartAsync(CancellationToken.None);

        await Until(() => log.Lines.Any(line => line.Contains("The store can't be used", StringComparison.Ordinal)));
        await IsFull(() => client.ScheduleNewOrchestrationInstanceAsync("Calls", Large, new StartOrchestrationOptions("late")));
        HoldWhole();
        Assert.Contains(Enumerable.Range(0, Instances), number => !store.Find($"{number}")!.Status.IsFinished());
        await store.Fill(false);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var number in Enumerable.Range(0, Instances))
            Assert.Equal($"{number}", (await client.WaitForInstanceCompletionAsync($"{number}", true, patience.Token)).ReadOutputAs<string>());
        await pump.StopAsync(CancellationToken.None);
        Assert.Equal(Instances, functions.Runs["Writes"]); // what an activity came to was kept: none ran again
        Assert.Null(store.Find("late"));
        HoldWhole();
        Assert.Single(log.Lines, line => line.Contains($"Make room on the disk of {folder.FullName}.", StringComparison.Ordinal));
    }

    /// <summary>Each instance has its whole history, and is finished or has something that moves it on.</summary>
    private void HoldWhole()
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        Assert.Equal("ok", Ask(connection, "PRAGMA integrity_check"));
        Assert.Equal(0L, Ask(connection, "SELECT COUNT(*) FROM instances i WHERE history_length <> (SELECT COUNT(*) FROM history h WHERE h.instance_id = i.instance_id)"));
        Assert.Equal(0L, Ask(
            connection,
            $"""
            SELECT COUNT(*) FROM instances WHERE status <> {(int)OrchestrationRuntimeStatus.Completed}
            AND instance_id NOT IN (SELECT instance_id FROM new_events UNION SELECT instance_id FROM new_tasks)
            """));
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static NewInstance Instance(string id, string input) => new(id, "Code", input, Now, Now);

    private static async Task IsFull(Func<Task> write) => Assert.Equal(Full, (await Assert.ThrowsAsync<SqliteException>(write)).SqliteErrorCode);

    private static async Task Until(Func<bool> reached)
    {
        for (var look = 0; !reached(); look++)
        {
            Assert.True(look < 1200, "It never came to that.");
            await Task.Delay(50);
        }
    }
}
