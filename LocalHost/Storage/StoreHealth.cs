using Microsoft.Extensions.Logging;

namespace LocalHost.Storage;

/// <summary>
/// Whether the databases can be used. An outage is told of when it begins, each half minute while it lasts, and when it is over, not at each attempt.
/// Damage is final: this host takes no more work, so that nothing is written on top of it.
/// </summary>
/// <param name="folder">Where the files are, for whoever reads the log.</param>
public sealed class StoreHealth(TimeProvider time, ILogger logger, string folder = "the data folder")
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // Where one write in a few still finds room, the outage isn't over.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource damaged = new();
    private volatile bool failing;
    private DateTimeOffset? told;
    private DateTimeOffset last;
    private int failures;

    public bool IsDamaged => damaged.IsCancellationRequested;

    /// <summary>Cancelled when damage is found.</summary>
    public CancellationToken Damaged => damaged.Token;

    public void Failed(Exception failure)
    {
        lock (gate)
        {
            failing = true;
            failures++;
            last = time.GetUtcNow();
            if (StoreFault.IsDamage(failure))
                Stop(failure);
            else if (told is null || last - told >= Interval)
                Tell(failure);
        }
    }

    /// <summary>Something was stored.</summary>
    public void Works()
    {
        if (!failing)
            return;

        lock (gate)
        {
            if (!failing || IsDamaged || time.GetUtcNow() - last < Quiet)
                return;

            logger.LogWarning("The store works again, after {Failures} failures; what waited for it goes on.", failures);
            (failing, told, failures) = (false, null, 0);
        }
    }

    private void Tell(Exception failure)
    {
        told = last;
        // Where a stack stands in the log, it is a mistake in the code.
        logger.LogError(
            StoreFault.IsUnavailable(failure) ? null : failure,
            "The store can't be used: {Reason} {Remedy} Nothing is lost: it is tried again until it works ({Failures} failures so far).",
            failure.Message,
            StoreFault.Remedy(failure, folder),
            failures);
    }

    private void Stop(Exception failure)
    {
        if (IsDamaged)
            return;

        logger.LogCritical(
            failure,
            "A database file is damaged. No more work is taken, and calls answer 503: stop this host, keep a copy of {Folder}, "
            + "and restore the file, which the next start looks for and names, from a backup.",
            folder);
        // Whoever is told doesn't run under the lock.
        _ = damaged.CancelAsync();
    }
}
