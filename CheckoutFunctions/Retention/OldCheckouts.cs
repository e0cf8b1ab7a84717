using CheckoutFunctions.Orders;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Retention;

/// <summary>
/// Checkouts that have been over for long: their sessions, answers and histories are forgotten. The order stays, and keeps what it takes to be seen and
/// refunded. Never one that somebody is at work on, or that waits for an operator.
/// </summary>
public sealed class OldCheckouts(ISessionStore sessions, ISessionArchive archive, OrderArchive orders, CheckoutInstances instances, TimeProvider clock)
{
    /// <summary>All but those at work. An open one is over where it has expired and its orchestration never was.</summary>
    private static readonly CheckoutStatus[] Idle =
        [.. Enum.GetValues<CheckoutStatus>().Except([CheckoutStatus.Paying, CheckoutStatus.ActionRequired, CheckoutStatus.NeedsAttention])];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <returns>How many were forgotten.</returns>
    public async Task<int> Forget(DurableTaskClient client, TimeSpan kept, int most, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - kept;
        var forgotten = 0;
        await foreach (var silent in archive.Silent(Idle, DateTimeOffset.UnixEpoch, before, cancellation))
        {
            if (forgotten == most)
                break;
            if (!await Forget(client, silent.CheckoutId, before, cancellation))
                continue;

            forgotten++;
            // Whoever waited for the stores goes first.
            await Task.Delay(Pause, cancellation);
        }

        return forgotten;
    }

    private async Task<bool> Forget(DurableTaskClient client, string id, DateTimeOffset before, CancellationToken cancellation)
    {
        if (await sessions.Find(id, cancellation) is not { } session)
            return false;

        var ordered = await orders.Of(id, cancellation);
        var traces = await instances.Of(client, id, ordered, cancellation);
        if (!IsOver(session.Document, ordered, traces, before) || traces.AtWork is not null || traces.OpenRefund is not null || traces.LastUpdate > before)
            return false;

        // In this order: whatever is cut off, the session is still there to be found again.
        foreach (var order in ordered)
            await orders.Keep(order.OrderId, session.SecretHash, order.Counts ? session.Document.Tax?.Source : null, cancellation);
        await traces.Purge(client, cancellation);
        await archive.Delete(id, cancellation);
        return true;
    }

    /// <summary>What its buyer was told and the orders agree; else it is an operator's.</summary>
    private static bool IsOver(SessionDocument session, IReadOnlyList<CheckoutOrder> ordered, CheckoutTraces traces, DateTimeOffset before) =>
        session.Status == CheckoutStatus.Completed == ordered.Any(order => order.Counts)
        && (session.IsClosed || (session.ExpiresAt <= before && !traces.All.Any()));
}
