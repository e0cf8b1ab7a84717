using CheckoutFunctions.Checkout;
using CheckoutFunctions.Sessions;
using Dapper;
using LocalHost.Engine;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>What the engine's file says happened: every checkout has its instance, nothing is left to do, and nothing happened twice.</summary>
internal static class Histories
{
    public static void Hold(string data, IReadOnlyList<AtRest> sessions)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "durable.db")};Pooling=False");
        var instances = connection.Query<(string Id, OrchestrationRuntimeStatus Status, long Events)>("SELECT instance_id, status, history_length FROM instances").ToList();

        // None lost, and none that nobody started; those that ended have ended.
        Assert.Equal(
            sessions.Select(session => (session.CheckoutId, session.IsOpen ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Completed)).Order(),
            instances.Select(instance => (instance.Id, instance.Status)).Order());
        Assert.Equal(sessions.Select(session => session.CheckoutId).Order(StringComparer.Ordinal), Stored(data).Order(StringComparer.Ordinal));
        Assert.Empty(connection.Query<string>("SELECT name || ' of ' || instance_id FROM new_tasks"));

        foreach (var instance in instances)
        {
            var rows = connection.Query<(long Sequence, string Event)>(
                "SELECT sequence, event FROM history WHERE instance_id = @Id ORDER BY sequence", new { instance.Id }).ToList();
            Assert.Equal(instance.Events, rows.Count);
            Assert.Equal(Enumerable.Range((int)rows[0].Sequence, rows.Count).Select(number => (long)number), rows.Select(row => row.Sequence));
            try
            {
                HoldOne(rows.Select(row => HistoryEvent.Parse(row.Event)).ToList());
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"The history of {instance.Id}: {wrong.Message}", wrong);
            }
        }
    }

    private static void HoldOne(IReadOnlyList<HistoryEvent> history)
    {
        var scheduled = history.OfType<ScheduledEvent>().Select(asked => asked.EventId).ToList();
        var completed = history.OfType<CompletionEvent>().Select(done => done.TaskScheduledId).ToList();
        Assert.Equal(scheduled.Distinct(), scheduled);
        Assert.Equal(completed.Distinct(), completed);
        Assert.Empty(completed.Except(scheduled));
        Assert.Single(history.OfType<ExecutionStarted>());
        Assert.True(history.OfType<ExecutionCompleted>().Count() <= 1, "It ended twice.");

        // A request that its client had to send again is raised again, as the same command; that it was obeyed once, its one answer shows.
        var commands = history.OfType<EventRaised>().Select(raised => (DurableJson.Deserialize<CheckoutCommand>(raised.Input)!.RequestId, raised.Input)).Distinct().ToList();
        Assert.Equal(commands.Count, commands.DistinctBy(command => command.RequestId).Count());

        var failed = history.OfType<TaskFailed>().Select(task => task.TaskScheduledId).ToHashSet(); // and were tried again
        HoldVersions(history.OfType<TaskScheduled>()
            .Where(task => task.Name == nameof(SaveSession) && !failed.Contains(task.EventId))
            .Select(task => DurableJson.Deserialize<SaveSession>(task.Input)!)
            .ToList());
    }

    /// <summary>Every change is the next version; a version is one document, and a key has one answer.</summary>
    private static void HoldVersions(IReadOnlyList<SaveSession> saves)
    {
        foreach (var (before, after) in saves.Zip(saves.Skip(1)))
        {
            var step = after.Session.Version - before.Session.Version;
            Assert.InRange(step, 0, 1);
            if (step == 0)
                Assert.Equal(DurableJson.Serialize(before.Session), DurableJson.Serialize(after.Session));
        }

        // A command that its client had to send again may be told again what it was told.
        var answers = saves.Select(save => save.Answer).OfType<CommandAnswer>().Select(answer => (answer.CommandKey, answer.Code)).Distinct().ToList();
        Assert.Equal(answers.Count, answers.DistinctBy(answer => answer.CommandKey).Count());
    }

    private static List<string> Stored(string data)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "sessions.db")};Pooling=False");
        return connection.Query<string>("SELECT checkout_id FROM sessions").ToList();
    }
}
