using CheckoutFunctions.Checkout;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Refunds;

/// <summary>What the refund's saga leans on: the money until it is settled, waiting for operators, and the refund's record.</summary>
public sealed class RefundDesk(TaskOrchestrationContext context, RefundState refund)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan SlowestLook = TimeSpan.FromDays(1);

    /// <summary>A refund that is pending for longer is shown to an operator, and watched on.</summary>
    private static readonly TimeSpan PendingBudget = TimeSpan.FromDays(7);

    private readonly CommandInbox inbox = new(context);

    private int attempt = 1;

    private int version;

    /// <summary>What the refund goes back to after somebody looked into it.</summary>
    private RefundStatus reached = RefundStatus.Requested;

    /// <summary>The refund once the provider has made up its mind: succeeded, failed or refused.</summary>
    public async Task<PaymentRefund> GiveBack() => await Settle(await UntilDone(() => context.RefundPayment(refund.Payment(attempt))));

    /// <summary>After a refund that had gone through was turned down: under a new key, each time an operator says so, until the buyer has the money.</summary>
    public async Task<PaymentRefund> GiveBackAgain(PaymentRefund failed)
    {
        reached = RefundStatus.Requested;
        while (failed.State != PaymentRefundState.Succeeded)
        {
            await UntilRetried($"The buyer doesn't have the money: {Describe(failed)}.", failed);
            attempt++;
            failed = await GiveBack();
        }

        return failed;
    }

    /// <summary>The refund as the provider states it a day later, or sooner if somebody says that it changed.</summary>
    public async Task<PaymentRefund> NextLook(DateTimeOffset end)
    {
        var tomorrow = context.Now.AddDays(1);
        await inbox.Next(tomorrow < end ? tomorrow : end);
        return await Settle(await Look());
    }

    public Task Save(RefundStatus status, PaymentRefund? given)
    {
        reached = status;
        return Save(status, given, given is null or { State: PaymentRefundState.Succeeded } ? null : Describe(given));
    }

    public Task Park(TaskFailedException failure) =>
        UntilRetriedOrTomorrow($"{failure.TaskName} keeps failing: {failure.FailureDetails.ErrorMessage}", null);

    public Task UntilDone(Func<Task> step) => UntilDone(async () =>
    {
        await step();
        return true;
    });

    private async Task<PaymentRefund> Settle(PaymentRefund given)
    {
        var since = context.Now;
        var delay = FirstLook;
        while (given.State == PaymentRefundState.Pending || IsAnother(given))
        {
            if (IsAnother(given))
                await UntilRetried($"The provider refunds {given.Amount} {given.Currency} (minor units) as {given.Id}, not {refund.Amount} {refund.Currency}.", given);
            else if (context.Now - since > PendingBudget)
                await UntilRetriedOrTomorrow($"The provider has not decided on {given.Id} since {since:yyyy-MM-dd}.", given);
            else
                await inbox.Next(context.Now + delay);

            delay = delay * 2 < SlowestLook ? delay * 2 : SlowestLook;
            given = await Look();
        }

        return given;
    }

    private async Task<T> UntilDone<T>(Func<Task<T>> step)
    {
        while (true)
        {
            try
            {
                return await step();
            }
            catch (TaskFailedException failure)
            {
                await Park(failure);
            }
        }
    }

    private async Task<PaymentRefund> Look()
    {
        while (true)
        {
            var found = await UntilDone(() => context.FindRefund(new(refund.Payment(attempt).Key, refund.PaymentId)));
            if (found.State != PaymentRefundState.None)
                return found;
            await UntilRetriedOrTomorrow("The provider no longer knows the refund that it had accepted.", null);
        }
    }

    private async Task UntilRetriedOrTomorrow(string reason, PaymentRefund? given)
    {
        await Save(RefundStatus.NeedsAttention, given, reason);
        var tomorrow = context.Now.AddDays(1);
        while (await inbox.Next(tomorrow) is { Kind: not CommandKind.Retry })
        {
        }

        await Save(reached, given, null);
    }

    /// <summary>Only an operator may decide this; a day that passes doesn't.</summary>
    private async Task UntilRetried(string reason, PaymentRefund given)
    {
        await Save(RefundStatus.NeedsAttention, given, reason);
        while (await inbox.Next(context.Now.AddDays(7)) is not { Kind: CommandKind.Retry })
        {
        }

        await Save(reached, given, null);
    }

    private Task Save(RefundStatus status, PaymentRefund? given, string? detail)
    {
        var text = detail is { Length: > 500 } ? detail[..500] : detail;
        context.SetCustomStatus(new { Step = text is null ? status.ToString() : $"{status}: {text}", Since = context.Now });
        return context.SaveRefund(new(refund.RefundId, ++version, status, given?.Id, text));
    }

    /// <summary>Ours, to the cent, or somebody must look.</summary>
    private bool IsAnother(PaymentRefund given) => given.State is PaymentRefundState.Succeeded or PaymentRefundState.Pending
        && (given.Amount != refund.Amount || given.Currency != refund.Currency);

    private static string Describe(PaymentRefund given) => $"the provider states {given.Id ?? "the refund"} as {given.State} ({given.Reason ?? "no reason given"})";
}
