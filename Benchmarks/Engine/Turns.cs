using System.Diagnostics;
using Benchmarks.Checkouts;
using Benchmarks.Floor;
using Benchmarks.Report;

namespace Benchmarks.Engine;

/// <summary>Checkouts and turns per second, against the same rows written without an engine.</summary>
internal static class Turns
{
    private const double Goal = 0.5;
    private const int GoalAt = 64;

    public static async Task<Part> Measure(Scale scale, Workspace files, Action<string> progress)
    {
        progress("warming up");
        await Round(await Recording.Of(8), 8, 8, files);
        var levels = new List<(int Concurrent, List<Sample> Samples)>();
        foreach (var concurrent in new[] { 1, 16, 64, 256 })
        {
            var checkouts = scale.Checkouts(concurrent);
            var recording = await Recording.Of(checkouts);
            var samples = new List<Sample>();
            for (var round = 0; round < scale.Rounds; round++)
            {
                progress($"{concurrent} at once, round {round + 1} of {scale.Rounds}");
                samples.Add(await Round(recording, checkouts, concurrent, files));
            }

            levels.Add((concurrent, samples));
        }

        return Report(levels);
    }

    private static async Task<Sample> Round(Recording recording, int checkouts, int concurrent, Workspace files)
    {
        var (engine, turns, commits) = await RunEngine(checkouts, concurrent, files);
        var batch = Math.Max(1, (double)recording.Items.Count / commits);
        return new(checkouts, engine, turns, batch, RunFloor(recording, 1, files), RunFloor(recording, batch, files));
    }

    private static async Task<(TimeSpan Time, int Turns, int Commits)> RunEngine(int checkouts, int concurrent, Workspace files)
    {
        var (file, turns) = (files.NewFile(), new TurnCount());
        using var tap = new SqliteTap();
        using (var engine = new CheckoutEngine(file, faults: turns))
        {
            var (buyers, before) = (CheckoutEngine.Buyers(checkouts), tap.Commits);
            var clock = Stopwatch.StartNew();
            await engine.RunAll(buyers, concurrent);
            clock.Stop();
            var commits = tap.Commits - before;
            engine.Dispose();
            Workspace.Delete(file);
            return (clock.Elapsed, turns.Turns, commits);
        }
    }

    private static TimeSpan RunFloor(Recording recording, double batch, Workspace files)
    {
        var file = files.NewFile();
        var time = FloorRun.Time(recording, file, batch);
        Workspace.Delete(file);
        return time;
    }

    private static Part Report(List<(int Concurrent, List<Sample> Samples)> levels)
    {
        var rows = levels.Select(level => (IReadOnlyList<string>)
        [
            level.Concurrent.Text(),
            level.Samples.Select(sample => sample.Checkouts / sample.Engine.TotalSeconds).Median().Text(),
            level.Samples.Select(sample => sample.Turns / sample.Engine.TotalSeconds).Median().Text(),
            level.Samples.Select(sample => sample.Batch).Median().Text(),
            level.Samples.Select(sample => sample.AgainstA).Median().Text(),
            level.Samples.Select(sample => sample.AgainstB).Median().Text(),
            level.Concurrent == GoalAt ? GoalText(level.Samples) : string.Empty,
        ]).ToList();
        return new(
            "Throughput",
            ["checkouts at once", "checkouts/s", "turns/s", "work items per commit", "of floor A", "of floor B", "goal"],
            rows,
            [new("Checkouts per second, engine ÷ floor", "checkouts at once", "ratio",
                [Line("floor A: a commit per work item", sample => sample.AgainstA), Line("floor B: commits grouped alike", sample => sample.AgainstB)])
            {
                LogX = true,
                LogY = true,
                Goal = (Goal, "goal at 64: 0.5"),
            },
            new("Work items in one commit", "checkouts at once", "work items", [Line("work items", sample => sample.Batch)]) { LogX = true }]);

        Series Line(string name, Func<Sample, double> value) =>
            new(name, [.. levels.Select(level => ((double)level.Concurrent, level.Samples.Select(value).Median()))]);
    }

    private static string GoalText(List<Sample> samples)
    {
        bool Met(Func<Sample, double> ratio) => samples.Select(ratio).Median() >= Goal;
        return $"≥ {Goal.Text()}: A {(Met(sample => sample.AgainstA) ? "met" : "missed")}, B {(Met(sample => sample.AgainstB) ? "met" : "missed")}";
    }

    private sealed record Sample(int Checkouts, TimeSpan Engine, int Turns, double Batch, TimeSpan FloorA, TimeSpan FloorB)
    {
        public double AgainstA => FloorA / Engine;

        public double AgainstB => FloorB / Engine;
    }
}
