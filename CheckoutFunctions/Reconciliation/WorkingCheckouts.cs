using CheckoutFunctions.Checkout;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Reconciliation;

/// <summary>Checkouts whose orchestration goes on: it alone decides. They are told to look again where a word to them was lost, and shown where they are late.</summary>
public sealed class WorkingCheckouts(CheckoutClient checkouts, ISessionStore sessions, Stock stock, CheckoutLimits limits)
{
    internal async Task Look(DurableTaskClient client, CheckoutCase found, Healing work, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var hold in found.Holds.Where(hold => hold.Expires <= now - Evidence.Grace))
        {
            var stale = found.Finding(FindingKind.StaleHold, "Stock is held beyond its time.", hold.Expires) with { HoldKey = hold.HoldKey, Amount = null, Currency = null };
            await work.Do(stale with { Deed = "give it back; it is sold all the same if it is still free when the money is there" }, () => stock.ExpireHolds(100, cancellation));
        }

        var instance = found.Instance!;
        var step = StepOf(instance) ?? new("not begun", instance.CreatedAt);
        if (step.Step == CheckoutStep.WaitingForBank && step.Since <= now - Evidence.Grace && Answered(found) is { } answered)
        {
            var untold = found.Finding(FindingKind.StuckCheckout, $"The payment is {answered.Payment.State}, and the checkout waits for the bank.", step.Since) with { PaymentId = answered.Payment.Id };
            await work.Do(untold with { Deed = "tell it to look again" }, () => Tell(client, answered, cancellation));
            return;
        }

        var problem = instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended ? "Its orchestration is suspended."
            : step.IsParked ? $"It {step.Step}"
            : Deadline(step, found.Session) < now ? $"It has been '{step.Step}' for longer than that should take; it goes on trying."
            : null;
        if (problem is null)
            return;

        work.Report(found.Finding(FindingKind.StuckCheckout, problem, step.Since) with
        {
            WhyNot = instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended ? "Somebody suspended it, and can resume it."
                : step.IsParked ? $"An operator decides: POST /api/operations/checkouts/{found.Id}/retry tries again at once."
                : "Its orchestration is at work, and alone decides.",
        });
    }

    private DateTimeOffset? Deadline(CheckoutStep step, SessionDocument session) =>
        step.Step == "not begun" ? step.Since + TimeSpan.FromMinutes(15) : step.Deadline(limits, session.ExpiresAt);

    /// <summary>The payment that it waits for, if the bank is done with it: the webhook and the buyer's return were lost.</summary>
    private static ListedPayment? Answered(CheckoutCase found) => found.Session.Status == CheckoutStatus.ActionRequired
        && found.Payments.MaxBy(listed => listed.CreatedAt) is { Payment.State: PaymentState.Authorized or PaymentState.Declined or PaymentState.Voided } newest
        ? newest
        : null;

    private async Task Tell(DurableTaskClient client, ListedPayment answered, CancellationToken cancellation)
    {
        var id = $"{answered.Payment.Id}:reconciliation";
        var session = (await sessions.Find(answered.Payment.Reference!, cancellation))!;
        await checkouts.Raise(client, session, new(CommandKind.PaymentChanged, id, id, "") { PaymentId = answered.Payment.Id }, cancellation);
    }

    internal static CheckoutStep? StepOf(OrchestrationMetadata instance)
    {
        try
        {
            return instance.ReadCustomStatusAs<CheckoutStep>() is { Step: not null } step ? step : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
