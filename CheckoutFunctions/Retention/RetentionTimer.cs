using CheckoutFunctions.Emails;
using CheckoutFunctions.Receipts;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Retention;

/// <summary>Forgets what was kept for long enough, a bounded number of things at a time.</summary>
public sealed class RetentionTimer(
    OldCheckouts checkouts, OldOrchestrations orchestrations, SentEmails emails, PoisonMessages poison, RetentionOptions options, ILogger<RetentionTimer> logger)
{
    /// <summary>Of each kind; what is left comes next time.</summary>
    private const int Most = 2000;

    /// <summary><c>Retention__Schedule</c>. On several hosts it runs on one; another beside it does no harm.</summary>
    [Function("ForgetWhatIsOver")]
    public async Task Run([TimerTrigger("%Retention__Schedule%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        if (options.Checkouts is { } kept)
        {
            var forgotten = await checkouts.Forget(client, kept, Most, cancellation);
            var purged = await orchestrations.Purge(client, kept, Most, cancellation);
            if (forgotten + purged > 0)
                logger.LogInformation("{Checkouts} checkouts that ended more than {Days} days ago and {Orchestrations} other orchestrations were forgotten", forgotten, kept.TotalDays, purged);
        }

        if (options.Emails is { } known)
            await emails.Forget(known, Most, cancellation);
        if (options.Poison is { } failed)
            await poison.Forget(failed, Most, cancellation);
    }
}
