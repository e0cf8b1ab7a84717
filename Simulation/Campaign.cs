using System.Collections.Concurrent;

namespace Simulation;

/// <summary>Many worlds on all cores: what they reached, and the first of them that broke.</summary>
internal sealed class Campaign
{
    private readonly ConcurrentDictionary<(string Outcome, FaultKind Kind), int> outcomes = new();
    private readonly ConcurrentDictionary<(string Function, FaultKind Kind), int> faults = new();
    private readonly Lock gate = new();
    private int done;

    /// <summary>How many checkouts came to an outcome while having to live with a fault; <see cref="FaultKind.None"/>: with none.</summary>
    public IReadOnlyDictionary<(string Outcome, FaultKind Kind), int> Outcomes => outcomes;

    /// <summary>How often each fault struck each activity, or the orchestrator.</summary>
    public IReadOnlyDictionary<(string Function, FaultKind Kind), int> Faults => faults;

    /// <summary>The lowest seed that failed, of those that ran until the first was found.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Worlds that came to rest.</summary>
    public int Done => done;

    /// <summary>Stops at the first violation. Each seed's world is always the same, whatever runs beside it.</summary>
    public static async Task<Campaign> Run(int firstSeed, int seeds, Code? code = null, Action<Campaign>? progress = null, CancellationToken cancellation = default)
    {
        var campaign = new Campaign();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(firstSeed, seeds), options, async (seed, _) =>
            {
                // A world never really waits: it would run here to its end anyway.
                await campaign.RunOne(seed, code);
                progress?.Invoke(campaign);
                if (campaign.Violation is not null)
                    await stop.CancelAsync();
            });
        }
        catch (OperationCanceledException) when (campaign.Violation is not null || cancellation.IsCancellationRequested)
        {
            // What ran so far is the result.
        }

        return campaign;
    }

    private async Task RunOne(int seed, Code? code)
    {
        try
        {
            using var world = await World.Run(seed, code);
            Add(world);
        }
        // Whatever it is, it happened in this world and repeats there.
        catch (Exception failure)
        {
            lock (gate)
            {
                if (Violation is null || seed < Violation.Seed)
                    Violation = new(seed, failure);
            }
        }
    }

    private void Add(World world)
    {
        foreach (var (fault, count) in world.Faults.Reached)
            faults.AddOrUpdate(fault, count, (_, sum) => sum + count);
        var struck = world.Faults.Struck.ToLookup(pair => pair.Checkout, pair => pair.Kind);
        foreach (var (checkout, outcome) in world.Outcomes)
        {
            foreach (var kind in struck[checkout].DefaultIfEmpty(FaultKind.None))
                outcomes.AddOrUpdate((outcome, kind), 1, (_, sum) => sum + 1);
        }

        Interlocked.Increment(ref done);
    }
}

internal sealed record Violation(int Seed, Exception Failure);
