using System.Text.Json;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Reconciliation;

/// <summary>
/// The session of a checkout whose orchestration has ended, once its money is settled. Only orchestrations write sessions: so one of its own
/// is started that shows the end and does what follows a sale.
/// </summary>
public sealed class CheckoutEnding(ISessionStore sessions, ReconciliationBook book)
{
    /// <summary>Versions that the dead orchestration's last writes, still on their way, may have.</summary>
    private const int VersionsSkipped = 10;

    internal async Task Show(DurableTaskClient client, CheckoutCase found, BookedOrder? paid, Healing work, CancellationToken cancellation)
    {
        var session = found.Session;
        if (session.Status is CheckoutStatus.Cancelled or CheckoutStatus.Expired || (session.Status == CheckoutStatus.Completed && !found.WasCutOff))
        {
            if (session.Status == CheckoutStatus.Completed != paid is not null)
                work.Report(found.Finding(FindingKind.StuckCheckout, $"The buyer was told {session.Status}, and the order says otherwise.") with { WhyNot = "What a buyer was told is not taken back by a machine." });
            return;
        }

        // What becomes of the first orchestration's id is of no account: an operator may have purged it long ago.
        if (await client.GetInstanceAsync(CheckoutClient.EndOf(found.Id), getInputsAndOutputs: true, cancellation) is { } end)
        {
            if (WorkingCheckouts.StepOf(end) is { IsParked: true } step)
                work.Report(found.Finding(FindingKind.StuckCheckout, $"It {step.Step}", step.Since) with { WhyNot = $"The orchestration {end.InstanceId} tries again once a day." });
            else if (end.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated || (end.IsCompleted && !session.IsClosed))
                work.Report(found.Finding(FindingKind.StuckCheckout, $"The orchestration {end.InstanceId} that was to end this checkout is {end.RuntimeStatus}.", end.LastUpdatedAt) with { WhyNot = "It was tried before." });
            return;
        }

        if (found.Instance is null && session.IsClosed)
            return;

        var finding = found.Finding(FindingKind.StuckCheckout, $"The session says {session.Status}, and its checkout {found.HowItEnded}.");
        if (paid is null)
        {
            await work.Do(finding with { Deed = "show it as CANCELLED" }, () => CheckoutClient.End(client, Cancelled(session), cancellation));
            return;
        }

        finding = finding with { OrderId = paid.OrderId };
        if (await Completed(session, paid, cancellation) is { } completed)
            await work.Do(finding with { Deed = "show it as COMPLETED, record its tax and publish its order" }, () => CheckoutClient.End(client, completed, cancellation));
        else
            work.Report(finding with { WhyNot = "The order is paid, and what it was started from can't be read: its tax and its message are an operator's." });
    }

    private static CheckoutState Cancelled(SessionDocument session) => new(
        session with
        {
            Version = session.Version + VersionsSkipped,
            Status = CheckoutStatus.Cancelled,
            Payment = session.Payment.State == SessionPaymentState.None && session.Status != CheckoutStatus.Paying ? session.Payment : new(SessionPaymentState.Voided),
            Messages = [new(MessageSeverity.Error, "checkout_ended", "The shop had to end this checkout. Nothing was charged.")],
        },
        [],
        [],
        new CheckoutLimits());

    /// <summary>The state as it was when the buyer paid: what the session doesn't show comes from what the checkout was started with. Null: that can't be read.</summary>
    private async Task<CheckoutState?> Completed(SessionDocument session, BookedOrder paid, CancellationToken cancellation)
    {
        var started = Read((await sessions.Find(session.CheckoutId, cancellation))!.Input);
        if (started is not { Items: { } items } || session is not { Tax: not null, ShippingAddress: not null, ShippingCost: not null })
            return null;

        var free = await book.FreeShipping(session.Discounts.Select(discount => discount.Code), cancellation);
        return new(
            session with
            {
                Version = session.Version + VersionsSkipped,
                Status = CheckoutStatus.Completed,
                OrderId = paid.OrderId,
                Payment = new(SessionPaymentState.Captured),
                Messages = [],
            },
            items.Select(item => session.Items.FirstOrDefault(shown => shown.Sku == item.Sku) is { } shown ? item with { UnitPrice = shown.UnitPrice } : item).ToList(),
            // What each took off is known to the cent.
            session.Discounts.Select(taken => new DiscountRule(taken.Code, free.Contains(taken.Code) ? DiscountKind.FreeShipping : DiscountKind.Amount, taken.Amount)).ToList(),
            started.Limits ?? new CheckoutLimits());
    }

    private static CheckoutState? Read(string input)
    {
        try
        {
            return JsonSerializer.Deserialize<CheckoutState>(input);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
