namespace LocalHost.Engine;

/// <summary>The engine's limits. The defaults are the Durable Task extension's where it has them.</summary>
public sealed record EngineOptions
{
    /// <summary>How long one attempt of an activity may run before another may take over.</summary>
    public TimeSpan ActivityLease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many attempts of one activity may outlast their lease, counted since the host's start, until the activity fails instead of being tried
    /// again. An attempt that doesn't heed its token holds its thread for ever, so there must be a last one; Azure has none.
    /// </summary>
    public int AttemptsPastLease { get; init; } = 10;

    /// <summary>
    /// How long an orchestrator's code may hold its thread in one turn before its instance fails. Its thread is lost until the code returns, but its
    /// lane is free for others.
    /// </summary>
    public TimeSpan TurnLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many orchestrations are kept in memory between their turns, instead of being replayed at each; 0: none, as on Azure.</summary>
    public int LiveInstances { get; init; } = 2000;

    public Versioning Versions { get; init; } = new();

    public int ConcurrentTurns { get; init; } = 64;

    public int ConcurrentActivities { get; init; } = 64;

    /// <summary>How long a stopping host waits for what runs.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after the store failed.</summary>
    public TimeSpan StoreRetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}
