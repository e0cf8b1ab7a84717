using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Receipts;

/// <summary>Takes what the host gave up on off the poison queue, where nobody would see it, and says so aloud.</summary>
public sealed class KeepPoison(PoisonMessages poison, ILogger<KeepPoison> logger)
{
    [Function("KeepPoisonMessage")]
    public async Task Run([QueueTrigger(SendReceipt.Queue + "-poison")] string message, CancellationToken cancellation)
    {
        var kept = await poison.Store(SendReceipt.Queue, message, cancellation);
        logger.LogError(
            "The receipt of order {OrderId} could not be sent: {Error}. Once that is mended: POST /api/operations/queues/poison/{PoisonId}/retry",
            kept.OrderId ?? "unknown", kept.Error ?? "the reason is in the log", kept.Id);
    }
}
