using CheckoutFunctions.Domain;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Sessions;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Reminders;

/// <summary>One reminder to each buyer who left a checkout that can still be paid; never a second, however many hosts look.</summary>
public sealed class AbandonedCheckouts(
    ISessionStore sessions, ISessionArchive archive, SentEmails emails, ReminderOptions options, ShopOptions shop, TimeProvider clock, ILogger<AbandonedCheckouts> logger)
{
    public const string Kind = "reminder";

    private static readonly CheckoutStatus[] Open = [CheckoutStatus.Cart, CheckoutStatus.AddressCollected, CheckoutStatus.MethodSelected];

    /// <summary>Who left longer ago isn't surprised after an outage.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>A link to what is about to end helps nobody.</summary>
    private static readonly TimeSpan TimeToPay = TimeSpan.FromMinutes(15);

    /// <summary>At a time; the next run goes on.</summary>
    private const int Most = 500;

    /// <summary><c>Reminders__Schedule</c>.</summary>
    [Function("RemindAbandonedCheckouts")]
    public async Task Run([TimerTrigger("%Reminders__Schedule%")] TimerInfo timer, CancellationToken cancellation)
    {
        if (!options.IsOn)
            return;

        var (sent, failed) = (0, 0);
        var until = clock.GetUtcNow() - options.After;
        await foreach (var silent in archive.Silent(Open, until - Window, until, cancellation))
        {
            if (sent + failed == Most)
                break;
            try
            {
                if (await Remind(silent.CheckoutId, cancellation))
                    sent++;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                failed++;
                logger.LogWarning("Checkout {CheckoutId} could not be reminded of, and will be tried again: {Reason}", silent.CheckoutId, e.Message);
            }
        }

        if (sent > 0)
            logger.LogInformation("{Count} buyers were reminded of a checkout that they left", sent);
    }

    private async Task<bool> Remind(string id, CancellationToken cancellation)
    {
        var key = new EmailKey(Kind, id);
        return !await emails.WasSent(key, cancellation)
            && await Abandoned(id, cancellation) is { } session
            && await emails.Send(key, () => Task.FromResult<Email?>(Write(session)), cancellation) == EmailOutcome.Sent;
    }

    /// <summary>Null: its buyer is unknown, back, done, or out of time.</summary>
    private async Task<SessionDocument?> Abandoned(string id, CancellationToken cancellation) =>
        await sessions.Find(id, cancellation) is { Document: { Customer: not null, Items.Count: > 0 } session }
        && Open.Contains(session.Status)
        && session.ExpiresAt >= clock.GetUtcNow() + TimeToPay
        && await sessions.LastChangeOf(id, cancellation) <= clock.GetUtcNow() - options.After
            ? session
            : null;

    private Email Write(SessionDocument session) => new(
        session.Customer!.Email,
        $"Your cart at {shop.Name}",
        $"""
        You left something at {shop.Name}:

        {string.Join('\n', session.Items.Select(item => $"  {item.Quantity} × {item.Name}"))}

        It waits for you until {session.ExpiresAt:yyyy-MM-dd HH:mm} UTC. Go on where you stopped, with the browser or the account that you began with:
        {options.LinkTo(session.CheckoutId)}

        Nothing was charged. This is the only reminder.
        """);
}
