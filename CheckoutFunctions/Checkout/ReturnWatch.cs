using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Checkout;

/// <summary>
/// Money that a compensation gave back may bounce weeks later, when the undoing is long done and the buyer gone. So the payment is looked at each day,
/// or when the provider signals, for a month; money that came back to the shop is an operator's to see.
/// </summary>
public sealed class ReturnWatch(TaskOrchestrationContext context, CommandInbox inbox, OperatorView view)
{
    private static readonly TimeSpan Watched = TimeSpan.FromDays(30);

    private readonly HashSet<string> retried = [];

    private DateTimeOffset end;

    public async Task Run(IReadOnlyList<GivenBack> all)
    {
        var payments = all.Select(given => given.Void).ToList();
        end = all.Max(given => given.At) + Watched;
        while (true)
        {
            for (var i = 0; i < payments.Count; i++)
                payments[i] = await Look(payments[i]);
            if (context.Now >= end)
                return;

            view.Report($"{CheckoutStep.Ended}; watching until {end:u} that the money given back on {string.Join(", ", payments.Select(payment => payment.PaymentId))} stays with the buyer");
            var tomorrow = context.Now.AddDays(1);
            await inbox.Next(tomorrow < end ? tomorrow : end);
        }
    }

    /// <summary>What gave the money back: another, if it had to be given back again.</summary>
    private async Task<VoidPayment> Look(VoidPayment done)
    {
        try
        {
            var found = await context.RetrievePayment(new(done.PaymentId));
            return found.State == PaymentState.Captured ? await GiveBackAgain(done, found) : done;
        }
        catch (TaskFailedException)
        {
            // Not known is not well: looked at again, however late it is.
            var tomorrow = context.Now.AddDays(1);
            end = end > tomorrow ? end : tomorrow;
            return done;
        }
    }

    private async Task<VoidPayment> GiveBackAgain(VoidPayment done, Payment found)
    {
        var what = "the refund of a payment whose order was undone has failed.";
        while (true)
        {
            var again = context.Now.AddDays(7);
            view.Alarm(new(
                what,
                $"The shop has the buyer's money: the provider stated payment {done.PaymentId} as {Purchase.Describe(found)}.",
                "None: the order was undone, nothing is held.",
                $"It is refunded once more by itself at {again:u}, and weekly while that fails.",
                $"Find out from the provider why it failed. POST /api/operations/checkouts/{context.InstanceId}/retry refunds it now; a refund in the provider's dashboard counts as done. Where the buyer is paid back otherwise, terminate this instance."));
            await UntilRetried(again);

            done = done with { Again = (done.Again ?? 0) + 1 };
            try
            {
                found = await context.VoidPayment(done);
                end = context.Now + Watched;
                return done;
            }
            catch (TaskFailedException failure)
            {
                what = $"{failure.TaskName} keeps failing: {failure.FailureDetails.ErrorMessage}";
            }
        }
    }

    /// <summary>An operator's word, each once, or the time.</summary>
    private async Task UntilRetried(DateTimeOffset again)
    {
        while (await inbox.Next(again) is { } command)
        {
            if (command.Kind == CommandKind.Retry && retried.Add(command.Key))
                return;
        }
    }
}
