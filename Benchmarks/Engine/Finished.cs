using System.Diagnostics;
using Benchmarks.Checkouts;
using Benchmarks.Report;

namespace Benchmarks.Engine;

/// <summary>Does a file full of finished checkouts slow the running ones down?</summary>
internal static class Finished
{
    private const int Concurrent = 16;

    public static async Task<Part> Measure(Scale scale, Workspace files, Action<string> progress)
    {
        int[] sizes = [.. new[] { 1, 10_000, scale.LargestFile }.Distinct().Order()];
        var paths = new List<string>();
        foreach (var size in sizes)
        {
            progress($"making a file of {size.Text()} instances");
            paths.Add(await files.Filled(size));
        }

        var rates = sizes.Select(_ => new List<double>()).ToList();
        // The first round warms up.
        for (var round = 0; round <= scale.Rounds; round++)
        {
            for (var i = 0; i < sizes.Length; i++)
            {
                progress($"{sizes[i].Text()} instances, round {round} of {scale.Rounds}");
                var rate = await Rate(paths[i], scale.Checkouts(Concurrent));
                if (round > 0)
                    rates[i].Add(rate);
            }
        }

        var relative = rates.Select(rate => rate.Zip(rates[0], (one, first) => one / first).Median()).ToList();
        return new(
            $"Throughput with finished instances in the file ({Concurrent} checkouts at once)",
            ["finished instances", "checkouts/s", "relative to 1"],
            [.. sizes.Select((size, i) => (IReadOnlyList<string>)[size.Text(), rates[i].Median().Text(), relative[i].Text()])],
            [new("Checkouts per second by finished instances in the file", "finished instances", "relative to 1",
                [new($"{Concurrent} checkouts at once", [.. sizes.Select((size, i) => ((double)size, relative[i]))])]) { LogX = true }]);
    }

    private static async Task<double> Rate(string file, int checkouts)
    {
        using var engine = new CheckoutEngine(file);
        var clock = Stopwatch.StartNew();
        await engine.RunAll(CheckoutEngine.Buyers(checkouts), Concurrent);
        return checkouts / clock.Elapsed.TotalSeconds;
    }
}
