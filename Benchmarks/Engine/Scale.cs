namespace Benchmarks.Engine;

/// <summary>How much is measured: enough for figures that hold, or enough to see that it works.</summary>
internal sealed record Scale(int Rounds, int CheckoutsPerLane, int LatencySamples, int HistorySamples, int Waiting, int LargestFile, int Queries)
{
    public static readonly Scale Full = new(5, 3, 2000, 21, 20_000, 1_000_000, 31);

    public static readonly Scale Quick = new(1, 1, 400, 5, 2_000, 20_000, 7);

    public int Checkouts(int concurrent) => Math.Max(concurrent * CheckoutsPerLane, 32 * CheckoutsPerLane);
}
