using CheckoutFunctions.Inventory;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>One checkout's life: commands in, one at a time; the session document out. The only writer of that document.</summary>
public sealed class CheckoutFlow(TaskOrchestrationContext context, CheckoutState start) : ISagaHost
{
    /// <summary>After so many commands the history starts afresh: a replay stays short however long a buyer dithers.</summary>
    private const int CommandsPerGeneration = 20;

    private const int RememberedKeys = 100;

    /// <summary>What only an operator can judge waits this long; its money and stock are free by then.</summary>
    private const int MismatchDays = 30;

    private const string MoneyGoesBack =
        "This order could not be completed. What was held or taken for it goes back to you: we keep trying, and somebody is looking into it. There is nothing that you need to do.";

    private const string TidyingUp =
        "This order could not be completed, and you were not charged for it. Somebody is tidying up on our side. There is nothing that you need to do.";

    private readonly CommandInbox inbox = new(context);

    private readonly OperatorView view = new(context);

    private CheckoutState state = start;

    /// <summary>The last attempt to buy: what an operator must know of when its undoing is stuck.</summary>
    private Purchase? purchase;

    /// <summary>How often its compensations have failed, and since when.</summary>
    private int rounds;

    private DateTimeOffset undoingSince;

    /// <summary>The command that waits for an answer; in a payment it changes when the buyer comes back from 3-D Secure.</summary>
    private CheckoutCommand? current;

    public async Task Run()
    {
        // Nothing but its end is left to be told, and what follows a sale to be done: its own orchestration was ended by others.
        if (state.Session.IsClosed)
            await Show(state.Session);

        for (var handled = 0; !state.Session.IsClosed; handled++)
        {
            if (handled == CommandsPerGeneration)
            {
                context.ContinueAsNew(state);
                return;
            }

            view.Report(CheckoutStep.WaitingForBuyer);
            current = await inbox.Next(state.Session.ExpiresAt);
            view.Report(CheckoutStep.Working);
            // A command that came too late: its caller is told that the checkout is closed.
            if (context.Now >= state.Session.ExpiresAt)
                current = null;
            if (current is null)
                await Show(state.Session with { Status = CheckoutStatus.Expired });
            else if (current.Kind != CommandKind.PaymentChanged && !WasAnswered(current))
                await Answer(await Handle(current));
        }

        if (state.Session.Status == CheckoutStatus.Completed)
        {
            view.Report(CheckoutStep.Finishing);
            await AfterSale.Run(context, state, Park);
        }

        if (state.GivenBack is { } givenBack)
            await new ReturnWatch(context, inbox, view).Run(givenBack);
        view.Report(CheckoutStep.Ended);
    }

    public Task ShowPaying() => Show(state.Session with { Status = CheckoutStatus.Paying, Payment = SessionPayment.None, Messages = [] });

    public async Task<SettledPayment> Settle(Payment payment)
    {
        purchase!.Saw(payment, context.Now);
        if (payment.State is not (PaymentState.ActionRequired or PaymentState.Processing))
            return new(payment);

        var deadline = context.Now.AddMinutes(state.Limits.ActionMinutes);
        if (await HoldUntil(deadline, payment) is { Outcome: not ReservationOutcome.Held } lost)
            return new(payment, Lost: lost);

        DateTimeOffset? lookAgain = null;
        view.Report(CheckoutStep.WaitingForBank);
        while (payment.State is PaymentState.ActionRequired or PaymentState.Processing)
        {
            var reply = AsksBuyer(payment) ? await AskBuyer(payment, deadline, lookAgain) : await GiveTime(deadline);
            if (reply is not (BuyerReply.Confirmed or BuyerReply.Signalled))
                return await LastLook(payment, reply);

            try
            {
                payment = purchase.Saw(await context.RetrievePayment(new(payment.Id)), context.Now);
                lookAgain = null;
            }
            catch (TaskFailedException) when (reply == BuyerReply.Signalled)
            {
                // The signal won't come again, and the buyer may be gone: a provider that can't be asked just now is asked later.
                lookAgain = context.Now.AddMinutes(1);
            }
        }

        view.Report(CheckoutStep.Paying);
        if (state.Session.Status == CheckoutStatus.ActionRequired)
            await ShowPaying();
        return new(payment);
    }

    public async Task Park(TaskFailedException failure)
    {
        var (shown, waiting) = (state.Session, current);
        var isSold = shown.Status == CheckoutStatus.Completed;
        if (!isSold && Retries.Pause(++rounds) is { } pause)
        {
            undoingSince = rounds == 1 ? context.Now : undoingSince;
            view.Report($"{CheckoutStep.Undoing}: {failure.TaskName} failed, and is tried again at {context.Now + pause:u}: {failure.FailureDetails.ErrorMessage}", undoingSince);
            await context.CreateTimer(pause, CancellationToken.None);
            return;
        }

        if (isSold)
        {
            // The order is paid: it stays COMPLETED in the buyer's eyes.
            var sold = $"Order {shown.OrderId} is paid and stands.";
            view.Alarm(Trouble.Of(failure, null, sold, context.Now.AddDays(1)) with { YouCan = $"Mend what the reason names. {RetryCall}" });
            await UntilRetried(_ => Task.CompletedTask);
        }
        else
        {
            view.Alarm(Trouble.Of(failure, purchase, await view.Money(purchase), context.Now.AddDays(1)));
            var told = new SessionMessage(MessageSeverity.Error, "needs_attention", MoneyIsFree ? TidyingUp : MoneyGoesBack);
            await Show(shown with { Status = CheckoutStatus.NeedsAttention, Payment = PaymentAsStated(), Messages = [told] });
            await UntilRetried(command => Refuse(command, AnswerCode.NeedsAttention, told.Text));
            purchase!.Again = (purchase.Again ?? 0) + 1;
            current = waiting;
            await Show(shown);
        }

        view.Report($"trying {failure.TaskName} again");
    }

    public async Task ParkMismatch(string reason)
    {
        var end = context.Now.AddDays(MismatchDays);
        view.Alarm(new(
            reason, "None of it is held or taken any more.", "None: the stock was given back.",
            $"At {end:u} the checkout goes on as if the payment had failed, and the buyer can pay anew.",
            $"Find out who else uses the provider's account, or changed the payment there. {RetryCall}"));
        var message = new SessionMessage(MessageSeverity.Error, "payment_mismatch", "The payment could not be verified, so it was cancelled: nothing was charged. Somebody is looking into it.");
        var shown = state.Session with { Status = CheckoutStatus.NeedsAttention, Payment = new(SessionPaymentState.Voided), Messages = [message] };
        await Answer(new(state with { Session = shown }, AnswerCode.NeedsAttention) { Detail = message.Text });
        await UntilRetried(command => Refuse(command, AnswerCode.NeedsAttention, message.Text), MismatchDays);
    }

    /// <summary>Waits for an operator's word, or a day.</summary>
    private async Task UntilRetried(Func<CheckoutCommand, Task> refuse, int days = 1)
    {
        var again = context.Now.AddDays(days);
        while (await inbox.Next(again) is { } command)
        {
            if (command.Kind == CommandKind.PaymentChanged)
                continue;
            if (command.Kind != CommandKind.Retry)
            {
                await refuse(command);
            }
            else if (!WasAnswered(command))
            {
                Remember(command.Key);
                return;
            }
        }
    }

    /// <summary>A step that keeps failing where nothing was begun refuses its command; it never ends the checkout.</summary>
    private async Task<CommandResult> Handle(CheckoutCommand command)
    {
        try
        {
            return await Carry(command);
        }
        catch (TaskFailedException)
        {
            return new(state, AnswerCode.StoreUnavailable) { Detail = "The shop's store doesn't answer. Nothing was changed." };
        }
    }

    private async Task<CommandResult> Carry(CheckoutCommand command) => command.Kind switch
    {
        CommandKind.SetCustomer => CartCommands.SetCustomer(state, command),
        CommandKind.SetDiscounts => await CartCommands.SetDiscounts(context, state, command),
        CommandKind.SetShippingAddress => await ShippingCommands.SetShippingAddress(context, state, command),
        CommandKind.SetShippingMethod => await ShippingCommands.SetShippingMethod(context, state, command),
        CommandKind.Complete => await Complete(command),
        CommandKind.ConfirmPayment when state.LastRefusal is { } refusal =>
            new(state, refusal.Code) { Detail = refusal.Detail, DeclineCode = refusal.DeclineCode, Errors = refusal.Errors },
        CommandKind.Cancel => new(state with { Session = state.Session with { Status = CheckoutStatus.Cancelled } }),
        _ => new(state, AnswerCode.StepNotReady) { Detail = "There is no payment to confirm or retry." },
    };

    private async Task<CommandResult> Complete(CheckoutCommand command)
    {
        var budget = new RequoteBudget(context, state.Limits);
        if (await CompleteCommand.CheckQuote(context, budget, state, command) is { } notReady)
            return notReady;

        view.Report(CheckoutStep.Paying);
        state = state with { Attempt = state.Attempt + 1, LastRefusal = null };
        rounds = 0;
        purchase = new Purchase(state, command.PaymentToken!, $"ord_{context.NewGuid():N}", context.Now);
        var placement = await PlaceOrderSaga.Run(context, purchase, this);
        if (purchase.Ended is { State: PaymentState.Refunded })
            state = state with { GivenBack = [.. state.GivenBack ?? [], new(purchase.Void(purchase.PaymentId!), context.Now)] };
        var result = await CompleteCommand.Conclude(context, budget, state, placement);
        return result.Code == AnswerCode.Ok
            ? result
            : result with { State = result.State with { LastRefusal = new(result.Code, result.Detail, result.DeclineCode, result.Errors) } };
    }

    /// <summary>The stock is held for as long as the buyer is waited for. A hold that may have ended is looked at before the buyer is sent to the bank in vain.</summary>
    private async Task<Reservation> HoldUntil(DateTimeOffset deadline, Payment payment)
    {
        var extending = context.ExtendHold(purchase!.Extend(deadline));
        if (context.Now >= purchase.HoldEnds && (await extending).Outcome != ReservationOutcome.Held)
            return await extending;
        if (AsksBuyer(payment))
            await SendToBank(payment);
        return await extending;
    }

    /// <summary>One that waits for the buyer and doesn't say what for is asked again.</summary>
    private static bool AsksBuyer(Payment payment) => payment is { State: PaymentState.ActionRequired, Action: not null };

    private Task SendToBank(Payment payment)
    {
        var action = payment.Action!;
        var shown = new SessionPayment(SessionPaymentState.ActionRequired, Action: new(action.Type, action.ClientSecret, action.Url));
        return Answer(new(state with { Session = state.Session with { Status = CheckoutStatus.ActionRequired, Payment = shown } }, AnswerCode.ActionRequired));
    }

    /// <summary>The buyer has until the deadline to do what the bank asks for; what else comes meanwhile is answered, not obeyed.</summary>
    /// <param name="lookAgain">When to look without being told to.</param>
    private async Task<BuyerReply> AskBuyer(Payment payment, DateTimeOffset deadline, DateTimeOffset? lookAgain)
    {
        // After a signal that changed nothing, nobody waits for an answer.
        if (current is not null || state.Session.Status != CheckoutStatus.ActionRequired)
            await SendToBank(payment);

        while (true)
        {
            current = await inbox.Next(lookAgain < deadline ? lookAgain.Value : deadline);
            switch (current?.Kind)
            {
                case null:
                    return lookAgain < deadline ? BuyerReply.Signalled : BuyerReply.Absent;
                case CommandKind.PaymentChanged:
                    var concernsThis = current.PaymentId == payment.Id;
                    current = null;
                    if (concernsThis)
                        return BuyerReply.Signalled;
                    break;
                case CommandKind.ConfirmPayment:
                    return BuyerReply.Confirmed;
                case CommandKind.Cancel:
                    return BuyerReply.Cancelled;
                case CommandKind.Complete:
                    await Answer(new(state, AnswerCode.ActionRequired));
                    break;
                default:
                    await Refuse(current, AnswerCode.StepNotReady, "The payment waits for the buyer's confirmation.");
                    break;
            }
        }
    }

    private async Task<BuyerReply> GiveTime(DateTimeOffset deadline)
    {
        if (context.Now >= deadline)
            return BuyerReply.Absent;

        await context.CreateTimer(TimeSpan.FromSeconds(5), CancellationToken.None);
        return BuyerReply.Confirmed;
    }

    /// <summary>The buyer may have confirmed in the last moment, or without telling us: then the order goes on, unless it was cancelled.</summary>
    private async Task<SettledPayment> LastLook(Payment payment, BuyerReply reply)
    {
        view.Report(CheckoutStep.Paying);
        if (reply == BuyerReply.Cancelled)
            return new(payment, reply);

        var last = await context.RetrievePayment(new(payment.Id));
        return last.State is PaymentState.ActionRequired or PaymentState.Processing ? new(last, reply) : new(last);
    }

    private Task Refuse(CheckoutCommand command, AnswerCode code, string detail)
    {
        current = command;
        return Answer(new(state, code) { Detail = detail });
    }

    /// <summary>Writes the state and the current command's answer together. A refusal leaves the document as it is.</summary>
    private async Task Answer(CommandResult result)
    {
        var changed = !ReferenceEquals(result.State.Session, state.Session);
        state = changed ? result.State with { Session = result.State.Session with { Version = state.Session.Version + 1 } } : result.State;
        var answer = current is null ? null : result.ToAnswer(current, state.Session);
        if (current is not null)
            Remember(result.Remembered(current) ? current.Key : current.RequestId);

        current = null;
        await context.SaveSession(new(state.Session, answer));
    }

    /// <summary>A command may be raised more than once, by whoever waits for its answer.</summary>
    private bool WasAnswered(CheckoutCommand command) => state.Answered.Contains(command.Key) || state.Answered.Contains(command.RequestId);

    private void Remember(string key) => state = state with { Answered = state.Answered.Append(key).TakeLast(RememberedKeys).ToList() };

    private Task Show(SessionDocument session)
    {
        state = state with { Session = session with { Version = state.Session.Version + 1 } };
        return context.SaveSession(new(state.Session));
    }

    private string RetryCall => $"POST /api/operations/checkouts/{state.Session.CheckoutId}/retry goes on at once.";

    /// <summary>As far as the provider could be asked.</summary>
    private bool MoneyIsFree => purchase?.PaymentId is null || purchase.Ended is not null || purchase.Stated is { State: PaymentState.Voided or PaymentState.Refunded };

    /// <summary>What a buyer may know of it.</summary>
    private SessionPayment PaymentAsStated() => new(purchase?.Stated?.State switch
    {
        PaymentState.Authorized => SessionPaymentState.Authorized,
        PaymentState.Captured => SessionPaymentState.Captured,
        PaymentState.Declined => SessionPaymentState.Declined,
        PaymentState.Voided => SessionPaymentState.Voided,
        PaymentState.Refunded => SessionPaymentState.Refunded,
        _ => SessionPaymentState.None,
    });
}
