using System.Diagnostics;
using Benchmarks.Checkouts;
using Benchmarks.Report;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Engine;

/// <summary>
/// From raising an event to the commit of the turn that took it: two commits, the event's and the turn's. Each instance raises its next event
/// as soon as its turn is stored, so with many of them this is the latency under full load.
/// </summary>
internal static class Latency
{
    private const int Slices = 10;
    private static readonly string Payload = new('x', 400);

    public static async Task<Part> Measure(Scale scale, Workspace files, Action<string> progress)
    {
        var levels = new List<(int Concurrent, double Commit, List<double> Turns)>();
        await Run(16, 100, files);
        foreach (var concurrent in new[] { 1, 16, 256 })
        {
            var (commits, turns) = (new List<double>(), new List<double>());
            for (var slice = 1; slice <= Slices; slice++)
            {
                // In turns, because a shared disk changes its mind.
                progress($"{concurrent} instances, {slice} of {Slices}");
                commits.AddRange(Commits(files, scale.LatencySamples / Slices));
                turns.AddRange(await Run(concurrent, Math.Max(scale.LatencySamples / Slices, concurrent * 4), files));
            }

            levels.Add((concurrent, commits.Median(), turns));
        }

        return Report(levels);
    }

    private static List<double> Commits(Workspace files, int samples)
    {
        var file = files.NewFile();
        var times = new List<double>();
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)";
            command.ExecuteNonQuery();
            command.CommandText = $"INSERT INTO rows (text) VALUES ('{Payload}')";
            for (var i = 0; i < samples; i++)
            {
                var clock = Stopwatch.StartNew();
                command.ExecuteNonQuery();
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        Workspace.Delete(file);
        return times;
    }

    private static async Task<List<double>> Run(int concurrent, int samples, Workspace files)
    {
        var (file, watch, times) = (files.NewFile(), new CommittedTurns(), new List<double>());
        using (var store = new SqliteOrchestrationStore(file))
        {
            var engine = new DurableEngine(store, new EchoFunctions(), TimeProvider.System, NullLoggerFactory.Instance, faults: watch);
            using var pump = new EngineService(engine, NullLogger<EngineService>.Instance);
            await pump.StartAsync(CancellationToken.None);
            var each = samples / concurrent;
            await Task.WhenAll(Enumerable.Range(0, concurrent).Select(n => Task.Run(() => Talk(engine, watch, $"echo_{n}", each, times))));
            await pump.StopAsync(CancellationToken.None);
        }

        Workspace.Delete(file);
        return times;
    }

    private static async Task Talk(DurableEngine engine, CommittedTurns watch, string id, int events, List<double> times)
    {
        var client = new LocalDurableTaskClient(engine);
        var committed = watch.Next(id);
        await client.ScheduleNewOrchestrationInstanceAsync(EchoFunctions.Name, events + 1, new StartOrchestrationOptions(id));
        await committed;
        for (var i = 0; i < events; i++)
        {
            committed = watch.Next(id);
            var raised = Stopwatch.GetTimestamp();
            await client.RaiseEventAsync(id, EchoFunctions.Event, Payload);
            var time = Stopwatch.GetElapsedTime(raised, await committed).TotalMilliseconds;
            lock (times)
                times.Add(time);
        }
    }

    private static Part Report(List<(int Concurrent, double Commit, List<double> Turns)> levels)
    {
        (string Name, double Q)[] quantiles = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];
        return new(
            "Latency: from raising an event to the committed turn (two commits), in flushed SQLite commits",
            ["instances at once", .. quantiles.Select(quantile => quantile.Name), "p50 in ms", "one commit in ms"],
            [.. levels.Select(level => (IReadOnlyList<string>)
            [
                level.Concurrent.Text(),
                .. quantiles.Select(quantile => (level.Turns.Quantile(quantile.Q) / level.Commit).Text()),
                level.Turns.Median().Text(),
                level.Commit.Text(),
            ])],
            [new("Latency of a turn", "instances at once", "flushed commits",
                [.. quantiles.Select(quantile => new Series(
                    quantile.Name, [.. levels.Select(level => ((double)level.Concurrent, level.Turns.Quantile(quantile.Q) / level.Commit))]))])
            {
                LogX = true,
                LogY = true,
            }]);
    }
}
