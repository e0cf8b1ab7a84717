using System.Diagnostics;
using Benchmarks.Checkouts;
using Benchmarks.Report;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Engine;

/// <summary>
/// What a turn costs by the length of the history before it: for an instance that is kept in memory, and for one that is read back and replayed.
/// The file is in memory where the system allows it, so that a flush doesn't hide the rest.
/// </summary>
internal static class Histories
{
    private static readonly string Payload = new('x', 400);

    public static async Task<Part> Measure(Scale scale, Workspace _, Action<string> progress)
    {
        var lengths = new[] { 10, 100, 1000 };
        var levels = new List<(int Length, double Live, double Reloaded)>();
        await Level(10, 3);
        foreach (var length in lengths)
        {
            progress($"{length} events");
            var (live, reloaded) = await Level(length, scale.HistorySamples);
            levels.Add((length, live, reloaded));
        }

        return Report(levels);
    }

    private static async Task<(double Live, double Reloaded)> Level(int length, int samples)
    {
        using var files = Workspace.InMemory();
        var file = files.NewFile();
        var live = new List<double>();
        var ids = Enumerable.Range(0, samples + 1).Select(n => $"echo_{n}").ToList();
        using (var store = new SqliteOrchestrationStore(file))
        {
            var engine = New(store);
            foreach (var id in ids)
                await Grow(engine, id, length);
            // Three in a row: as turns of a live instance come.
            foreach (var id in ids.Skip(1).SelectMany(id => Enumerable.Repeat(id, 3)))
                live.Add(await Turn(engine, id));
        }

        var reloaded = new List<double>();
        foreach (var id in ids.Skip(1))
        {
            // Another process's store and engine: nothing is left in memory. The first turn, another instance's, prepares the statements.
            using var store = new SqliteOrchestrationStore(file);
            var engine = New(store);
            await Turn(engine, ids[0]);
            reloaded.Add(await Turn(engine, id));
        }

        return (live.Median(), reloaded.Median());
    }

    private static DurableEngine New(IOrchestrationStore store) =>
        new(store, new EchoFunctions(), TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>An instance whose history has that many entries: two of its start, then turns of nine events each.</summary>
    private static async Task Grow(DurableEngine engine, string id, int length)
    {
        const int PerTurn = 10;
        var client = new LocalDurableTaskClient(engine);
        await client.ScheduleNewOrchestrationInstanceAsync(EchoFunctions.Name, 1_000_000, new StartOrchestrationOptions(id));
        await engine.RunOneAsync();
        for (var left = length - 2; left > 0; left -= PerTurn)
        {
            var events = Math.Min(left, PerTurn) - 1;
            await Task.WhenAll(Enumerable.Range(0, events).Select(_ => client.RaiseEventAsync(id, EchoFunctions.Event, Payload)));
            await engine.RunOneAsync();
        }
    }

    private static async Task<double> Turn(DurableEngine engine, string id)
    {
        await new LocalDurableTaskClient(engine).RaiseEventAsync(id, EchoFunctions.Event, Payload);
        var item = engine.Runnable()[0];
        var clock = Stopwatch.StartNew();
        await engine.RunAsync(item);
        return clock.Elapsed.TotalMilliseconds;
    }

    private static Part Report(List<(int Length, double Live, double Reloaded)> levels)
    {
        var (first, last) = (levels[0], levels[^1]);
        var entries = (last.Reloaded - first.Reloaded) * 1000 / (last.Length - first.Length);
        return new(
            "Cost of a turn by history length (without the disk's flush)",
            ["history entries", "live, ms", "relative to 10", "reloaded, ms", "relative to 10", "goal"],
            [.. levels.Select(level => (IReadOnlyList<string>)
            [
                level.Length.Text(),
                level.Live.Text(),
                (level.Live / first.Live).Text(),
                level.Reloaded.Text(),
                (level.Reloaded / first.Reloaded).Text(),
                level == last ? $"live flat: {(level.Live < 2 * first.Live ? "met" : "missed")}; reload linear: {entries.Text()} µs an entry" : string.Empty,
            ])],
            [new("Cost of a turn by history length", "history entries", "ms",
                [
                    new("live", [.. levels.Select(level => ((double)level.Length, level.Live))]),
                    new("reloaded", [.. levels.Select(level => ((double)level.Length, level.Reloaded))]),
                ])
            {
                LogX = true,
                LogY = true,
            }]);
    }
}
