using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Inventory;

/// <summary>Gives back what nobody paid in time, every minute, whatever became of the checkouts that held it.</summary>
public sealed class HoldSweep(Stock stock, ILogger<HoldSweep> logger)
{
    /// <summary>Holds in one transaction: a buyer's reservation waits for no more than that.</summary>
    private const int Window = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    [Function("SweepHolds")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var swept = 0;
        int ended;
        while ((ended = await stock.ExpireHolds(Window, cancellation)) > 0)
        {
            swept += ended;
            if (ended < Window)
                break;
            // Whoever waited for the store goes first.
            await Task.Delay(Pause, cancellation);
        }

        if (swept > 0)
            logger.LogInformation("{Holds} holds ended without a sale; their stock is free again", swept);
    }
}
