using System.Diagnostics;
using Benchmarks.Checkouts;
using Benchmarks.Report;
using LocalHost.Engine;

namespace Benchmarks.Engine;

/// <summary>What operators ask of a file with a million instances, through the durable client.</summary>
internal static class Queries
{
    private const double GoalMs = 5;
    private const int PageSize = 100;
    private static readonly TimeSpan LongestWalk = TimeSpan.FromSeconds(10);

    public static async Task<Part> Measure(Scale scale, Workspace files, Action<string> progress)
    {
        progress($"making a file of {scale.LargestFile.Text()} instances");
        return await Measure(scale, await files.Filled(scale.LargestFile), progress);
    }

    private static async Task<Part> Measure(Scale scale, string file, Action<string> progress)
    {
        using var engine = new CheckoutEngine(file);
        var client = engine.Client;
        var asked = new List<(string What, double P50, double P95, string Met)>();
        var count = scale.LargestFile;
        await Ask("one by id", () => client.GetInstanceAsync(FilledFile.IdOf(count / 3), getInputsAndOutputs: true));
        var (from, to) = (FilledFile.TimeOf(0, count), FilledFile.TimeOf(0, count).AddDays(1));
        await AskPages("all", new());
        await AskPages("by a common status (Completed)", new() { Statuses = [OrchestrationRuntimeStatus.Completed] });
        await AskPages("by a rare status (Running)", new() { Statuses = [OrchestrationRuntimeStatus.Running] });
        await AskPages("by two statuses (Failed, Terminated)", new() { Statuses = [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated] });
        await AskPages("by creation time (the last day)", new() { CreatedFrom = from.AddDays(364) });
        await AskPages("by creation time (a day in between)", new() { CreatedFrom = from.AddDays(100), CreatedTo = to.AddDays(100) });
        await AskPages("by status and creation time", new() { Statuses = [OrchestrationRuntimeStatus.Failed], CreatedFrom = from.AddDays(360) });
        await AskPages("by id prefix (of 4,096 ids)", new() { InstanceIdPrefix = FilledFile.IdOf(count / 2)[..^(24 + 3)] });
        await AskPages("by id prefix (of none)", new() { InstanceIdPrefix = "ord_" });
        return Report(asked, count);

        async Task AskPages(string what, OrchestrationQuery query)
        {
            query = query with { PageSize = PageSize, FetchInputsAndOutputs = true };
            await Ask($"list {what}, first page", () => First(client, query));
            if (await DeepToken(client, query) is var (token, page) && token is not null)
                await Ask($"list {what}, page {page.Text()}", () => First(client, query with { ContinuationToken = token }));
        }

        async Task Ask<T>(string what, Func<Task<T>> query)
        {
            progress(what);
            var times = new List<double>();
            var all = Stopwatch.StartNew();
            // One more than counts: the first prepares the statement. A query that takes seconds is known after three.
            for (var i = 0; i <= scale.Queries && (i < 4 || all.Elapsed < LongestWalk); i++)
            {
                var clock = Stopwatch.StartNew();
                await query();
                if (i > 0)
                    times.Add(clock.Elapsed.TotalMilliseconds);
            }

            asked.Add((what, times.Median(), times.Quantile(0.95), times.Median() < GoalMs ? "met" : "missed"));
        }
    }

    private static async Task<Page<OrchestrationMetadata>> First(LocalDurableTaskClient client, OrchestrationQuery query)
    {
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages())
            return page;
        throw new InvalidOperationException("A list has no page.");
    }

    /// <summary>Pages through, in strides of ten pages, to the 5,000th page or as far as there are any or patience lasts.</summary>
    private static async Task<(string? Token, int Page)> DeepToken(LocalDurableTaskClient client, OrchestrationQuery query)
    {
        const int Stride = 10;
        var (walk, token, page) = (Stopwatch.StartNew(), (string?)null, 1);
        var coarse = query with { PageSize = PageSize * Stride, FetchInputsAndOutputs = false };
        await foreach (var passed in client.GetAllInstancesAsync(coarse).AsPages())
        {
            if (passed.ContinuationToken is null)
                break;
            (token, page) = (passed.ContinuationToken, page + Stride);
            if (page > 5000 || walk.Elapsed > LongestWalk)
                break;
        }

        return (token, page);
    }

    private static Part Report(List<(string What, double P50, double P95, string Met)> asked, int count) => new(
        $"Queries at {count.Text()} instances (pages of {PageSize}, with inputs)",
        ["query", "median", "p95", "goal: < 5 ms"],
        [.. asked.Select(query => (IReadOnlyList<string>)[query.What, $"{query.P50.Text()} ms", $"{query.P95.Text()} ms", query.Met])],
        [new($"Queries at {count.Text()} instances", string.Empty, "median, ms", [new("median", [.. asked.Select((query, i) => ((double)i, query.P50))])])
        {
            Names = [.. asked.Select(query => query.What)],
            LogY = true,
            Goal = (GoalMs, "goal: 5 ms"),
        }]);
}
