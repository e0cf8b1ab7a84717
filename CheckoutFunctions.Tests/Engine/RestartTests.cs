using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Fact 7.7, and what an instance carries from its start: tags, version, start time and generation.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly EngineWorld world = new(versions: new("3."));

    public RestartTests() => world.Functions
        .Orchestrator("Version", context => Task.FromResult(context.Version + context.GetInput<int>()))
        .Orchestrator("Waits", context => context.WaitForExternalEvent<int>("Go"));

    public void Dispose() => world.Dispose();

    [Fact]
    [Behaviour("7.7")]
    public async Task A_finished_instance_is_restarted_under_its_id_with_its_input_tags_and_version()
    {
        await world.Client.ScheduleNewOrchestrationInstanceAsync("Version", 7, Tagged("one"));
        await world.Settle();
        var before = await world.Get();
        world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("one", await world.Client.RestartAsync("one"));
        await world.Settle();

        var after = await world.Get();
        Assert.Equal(before.CreatedAt.AddMinutes(1), after.CreatedAt);
        Assert.Equal(("2.07", "blue"), (after.ReadOutputAs<string>(), after.Tags["team"]));
    }

    [Fact]
    [Behaviour("7.7")]
    public async Task A_running_instance_is_restarted_under_a_new_id_only()
    {
        await world.Start("Waits");
        await world.Settle();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => world.Client.RestartAsync("one"));
        var other = await world.Client.RestartAsync("one", restartWithNewInstanceId: true);

        Assert.Equal("An orchestration with the instanceId one cannot be restarted.", refused.Message);
        Assert.Matches("^[0-9a-f]{32}$", other);
        Assert.Equal("Waits", (await world.Get(other)).Name);
    }

    [Fact]
    [Behaviour("7.7")]
    public async Task An_unknown_instance_is_not_restarted()
    {
        var unknown = await Assert.ThrowsAsync<ArgumentException>(() => world.Client.RestartAsync("x"));

        Assert.Equal("An orchestration with the instanceId x was not found.", unknown.Message);
    }

    [Fact]
    public async Task A_child_gets_the_tags_and_the_version_of_its_call()
    {
        world.Functions.Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>(
            "Version", 1, new TaskOptions(tags: new Dictionary<string, string> { ["team"] = "red" }) { Version = "3." }.WithInstanceId("kid")));
        await world.Start("Parent");

        Assert.Equal("3.1", await world.Complete<string>());
        Assert.Equal("red", (await world.Get("kid")).Tags["team"]);
        Assert.Empty((await world.Get()).Tags);
    }

    [Fact]
    public async Task The_start_tells_when_it_was_due_and_how_often_the_instance_continued_as_new()
    {
        world.Functions.Orchestrator("Thrice", context =>
        {
            var left = context.GetInput<int>();
            if (left > 0)
                context.ContinueAsNew(left - 1);
            return Task.FromResult(left);
        });
        var due = world.Time.GetUtcNow().AddHours(1);
        await world.Start("Version", 1, "later", due);
        await world.Start("Thrice", 2);
        await world.RunToEnd();

        Assert.Equal(due, Started("later").ScheduledStartTime);
        Assert.Equal((null, 2), (Started("one").ScheduledStartTime, Started("one").Generation));
    }

    [Fact]
    public async Task A_file_from_before_tags_and_versions_is_opened_and_kept()
    {
        var folder = Directory.CreateTempSubdirectory("old-");
        var path = Path.Combine(folder.FullName, "durable.db");
        var now = world.Time.GetUtcNow();
        using (var old = new SqliteOrchestrationStore(path))
            await old.Create(new NewInstance("old", "Version", "1", now, now), []);
        using (var file = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            file.Open();
            using var command = file.CreateCommand();
            command.CommandText = "ALTER TABLE instances DROP COLUMN version; ALTER TABLE instances DROP COLUMN tags; ALTER TABLE instances ADD COLUMN input TEXT; UPDATE instances SET input = (SELECT input FROM inputs); DROP TABLE inputs; PRAGMA user_version = 0;";
            command.ExecuteNonQuery();
        }

        using (var store = new SqliteOrchestrationStore(path))
        {
            Assert.Null(await store.Create(new NewInstance("new", "Version", "1", now, now) { Version = "2." }, []));
            Assert.Equal((null, "2."), (store.Find("old")!.Version, store.Find("new")!.Version));
        }

        folder.Delete(recursive: true);
    }

    private static StartOrchestrationOptions Tagged(string id) =>
        new(id) { Tags = new Dictionary<string, string> { ["team"] = "blue" }, Version = "2.0" };

    private ExecutionStarted Started(string id) => Assert.Single(world.Store.ReadHistory(id).OfType<ExecutionStarted>());
}
