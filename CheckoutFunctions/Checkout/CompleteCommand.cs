using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>Before the saga: is the checkout ready, and does the quote still hold? After it: what the buyer is told.</summary>
public static class CompleteCommand
{
    /// <summary>Null when the buyer can pay the state as it is; else why not, with the state that the buyer must see first.</summary>
    public static async Task<CommandResult?> CheckQuote(TaskOrchestrationContext context, RequoteBudget budget, CheckoutState state, CheckoutCommand command)
    {
        if (Missing(state.Session) is { } missing)
            return new(state, AnswerCode.StepNotReady) { Detail = missing };

        var requoted = await Requote(context, budget, state);
        if (QuoteDrift.IsBeyondTolerance(state, requoted))
            return TotalsChanged(state, requoted, requoted.Session.ShippingMethod is null ? "The chosen shipping method is no longer offered." : "Quotes have changed since they were shown.");
        if (command.AgreedTotal is { } agreed && agreed != state.Session.GrandTotal)
        {
            return new(state, AnswerCode.TotalsChanged)
            {
                Detail = $"The total is {state.Session.GrandTotal}, not {agreed}.",
                Changes = [new("/grand_total", agreed, state.Session.GrandTotal)],
            };
        }

        return null;
    }

    /// <summary>The session after the saga, and the answer.</summary>
    public static async Task<CommandResult> Conclude(TaskOrchestrationContext context, RequoteBudget budget, CheckoutState state, Placement placement)
    {
        var back = state with { Session = state.Session with { Status = CheckoutStatus.MethodSelected, Payment = SessionPayment.None, Messages = [] } };
        switch (placement.Outcome)
        {
            case PlacementOutcome.Completed:
                return new(back with
                {
                    Session = back.Session with
                    {
                        Status = CheckoutStatus.Completed,
                        OrderId = placement.Order!.OrderId,
                        Payment = new(SessionPaymentState.Captured),
                    },
                });
            case PlacementOutcome.Declined:
                return Declined(back, placement.DeclineCode, DeclineAdvice.Text(placement.DeclineCode, placement.Advice));
            case PlacementOutcome.OutOfStock:
                return Tell(back, AnswerCode.OutOfStock, placement.Detail ?? "Not all of it is in stock. Nothing was charged.") with { Errors = Shortages(back, placement) };
            case PlacementOutcome.PriceChanged:
                return await PriceChanged(context, budget, back, placement.Reservation!.PriceChanges!);
            case PlacementOutcome.DiscountLost:
                return await DiscountLost(context, budget, back, placement.Reservation!.LostCodes!);
            case PlacementOutcome.InvalidToken:
                return Tell(back, AnswerCode.InvalidPaymentToken, placement.Detail ?? "The payment provider doesn't know this token.");
            case PlacementOutcome.Cancelled:
                return new(back with { Session = back.Session with { Status = CheckoutStatus.Cancelled, Payment = new(SessionPaymentState.Voided) } });
            case PlacementOutcome.ActionExpired:
                return Declined(back, "authentication_expired", "The confirmation that the bank asked for never came. Nothing was charged.");
            case PlacementOutcome.StoreUnavailable:
                return Tell(back, AnswerCode.StoreUnavailable, "The order could not be written. Nothing was charged.");
            default:
                return Tell(back, AnswerCode.PaymentUnavailable, placement.Detail ?? "The payment provider doesn't answer. Nothing was charged.");
        }
    }

    private static CommandResult Declined(CheckoutState back, string? declineCode, string text)
    {
        var session = back.Session with
        {
            Payment = new(SessionPaymentState.Declined, declineCode),
            Messages = [new(MessageSeverity.Error, "card_declined", text)],
        };
        return Tell(back with { Session = session }, AnswerCode.CardDeclined, text) with { DeclineCode = declineCode };
    }

    private static CommandResult Tell(CheckoutState state, AnswerCode code, string detail) => new(state, code) { Detail = detail };

    private static string? Missing(SessionDocument session) => session switch
    {
        { ShippingAddress: null } => "The shipping address is missing.",
        { ShippingMethod: null } => "The shipping method is missing.",
        { GrandTotal: null } => "The tax is missing.",
        _ => null,
    };

    /// <summary>
    /// Rates and tax asked for again once they are older than a quote's life; a provider that is down leaves the buyer's price standing.
    /// Not for ever: nothing prolongs a checkout, so no quote is older than <see cref="CheckoutLimits.Expiry"/>.
    /// </summary>
    private static async Task<CheckoutState> Requote(TaskOrchestrationContext context, RequoteBudget budget, CheckoutState state)
    {
        if (state.RatesHold(context.Now) && context.Now - state.Session.Tax!.AsOf < TimeSpan.FromMinutes(state.Limits.QuoteMinutes))
            return state;

        var fresh = await budget.Spend(context.FreshRates(state, budget.ForRates));
        var rate = fresh.Session.ShippingRates!.FirstOrDefault(rate => rate.Id == state.Session.ShippingMethod);
        if (rate is null)
            return fresh.WithoutMethod();

        // Where the tax can't be had, the last one stands beside the new rate.
        var shipped = fresh.WithMethod(rate);
        var lastTax = shipped with { Session = shipped.Session with { TaxCost = state.Session.TaxCost, Tax = state.Session.Tax } };
        return (await budget.Spend(context.Tax(lastTax.Reprice(), shipped, budget.ForTax))).State;
    }

    private static async Task<CommandResult> PriceChanged(TaskOrchestrationContext context, RequoteBudget budget, CheckoutState state, IReadOnlyList<PriceChange> changes)
    {
        var repriced = (state with
        {
            Items = state.Items
                .Select(item => changes.FirstOrDefault(change => change.Sku == item.Sku) is { } change ? item with { UnitPrice = change.Current } : item)
                .ToList(),
        }).Reprice();
        return (await TotalsChanged(context, budget, state, repriced, "A price has changed since it was shown. Nothing was charged.")) with
        {
            Errors = changes.Select(change => new AnswerError(Pointer(state, change.Sku), $"{change.Sku}: {change.Quoted} is now {change.Current}.")).ToList(),
        };
    }

    private static async Task<CommandResult> DiscountLost(TaskOrchestrationContext context, RequoteBudget budget, CheckoutState state, IReadOnlyList<LostCode> lost)
    {
        var without = (state with { DiscountRules = state.DiscountRules.Where(rule => lost.All(code => code.Code != rule.Code)).ToList() }).Reprice();
        return (await TotalsChanged(context, budget, state, without, "A discount code no longer holds. Nothing was charged.")) with
        {
            Errors = lost.Select(code => new AnswerError($"/discounts/{IndexOf(state, code.Code)}", $"{code.Code}: {code.Reason}")).ToList(),
        };
    }

    /// <summary>The new total with its tax, for the buyer to accept; where tax can't be had, the method is to be chosen anew.</summary>
    private static async Task<CommandResult> TotalsChanged(TaskOrchestrationContext context, RequoteBudget budget, CheckoutState seen, CheckoutState repriced, string detail) =>
        TotalsChanged(seen, (await context.Tax(repriced.WithoutMethod(), repriced, budget.ForTax)).State, detail);

    private static CommandResult TotalsChanged(CheckoutState seen, CheckoutState now, string detail)
    {
        var changes = QuoteDrift.Changes(seen.Session, now.Session);
        return new(now, AnswerCode.TotalsChanged) { Detail = $"{detail} {QuoteDrift.Describe(seen.Session, changes)}", Changes = changes };
    }

    private static int IndexOf(CheckoutState state, string code) =>
        state.DiscountRules.Select((rule, index) => (rule.Code, index)).First(pair => pair.Code == code).index;

    private static List<AnswerError>? Shortages(CheckoutState state, Placement placement) => placement.Reservation?.Shortages?
        .Select(line => new AnswerError(Pointer(state, line.Sku), $"{line.Sku}: {line.Requested} wanted, {line.Available} available."))
        .ToList();

    private static string Pointer(CheckoutState state, string sku) =>
        $"/items/{state.Items.Select((item, index) => (item.Sku, index)).First(pair => pair.Sku == sku).index}";
}
