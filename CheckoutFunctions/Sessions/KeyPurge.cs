using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Sessions;

/// <summary>Forgets idempotency keys and their answers, which hold addresses, once they needn't be kept.</summary>
public sealed class KeyPurge(ICommandKeys keys, ILogger<KeyPurge> logger)
{
    /// <summary>Rows of a table in one transaction: a buyer's write waits for no more than that.</summary>
    private const int Window = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary><c>Idempotency__PurgeSchedule</c>.</summary>
    [Function("PurgeIdempotencyKeys")]
    public async Task Run([TimerTrigger("%Idempotency__PurgeSchedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        var purged = 0;
        while (await keys.Purge(Window, cancellation) is > 0 and var rows)
        {
            purged += rows;
            // Whoever waited for the store goes first.
            await Task.Delay(Pause, cancellation);
        }

        if (purged > 0)
            logger.LogInformation("{Rows} idempotency keys and answers older than {Hours} hours were purged", purged, ICommandKeys.Kept.TotalHours);
    }
}
