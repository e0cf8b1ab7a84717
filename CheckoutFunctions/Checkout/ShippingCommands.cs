using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Checkout;

/// <summary>Where to and how: address → rates → method → tax. Going back is always allowed; a step forgets what followed it.</summary>
public static class ShippingCommands
{
    public static async Task<CommandResult> SetShippingAddress(TaskOrchestrationContext context, CheckoutState state, CheckoutCommand command)
    {
        var address = command.ShippingAddress!;
        var check = await context.Verify(address, state.AddressResponseId);
        state = state with { AddressResponseId = ResponseIdAfter(check, state.AddressResponseId) };
        if (check.Verdict == AddressVerdict.Fix)
        {
            return new(state, AnswerCode.AddressUndeliverable)
            {
                Detail = AddressAdvice.Refusal(check),
                Errors = AddressAdvice.Errors(check),
                Suggestion = check.Suggestion,
            };
        }

        RateQuote quote;
        try
        {
            quote = await context.FetchShippingRates(state.RateRequest(address));
        }
        catch (TaskFailedException)
        {
            return new(state, AnswerCode.ShippingUnavailable) { Detail = "No carrier could be asked for rates just now." };
        }

        if (quote is { Rates.Count: 0, Down: not null })
            return new(state, AnswerCode.ShippingUnavailable) { Detail = "Not every carrier could be asked for rates just now, and the others deliver elsewhere." };
        if (quote.Rates.Count == 0)
            return new(state, AnswerCode.NoShippingRates) { Detail = string.Join(' ', (quote.Notices ?? quote.Messages).Prepend("No carrier delivers to this address.")) };

        var addressed = state with
        {
            RatesAt = quote.AsOf ?? context.Now,
            Session = state.Session with
            {
                Status = CheckoutStatus.AddressCollected,
                ShippingAddress = address,
                AddressCheck = new(check.Verdict, check.Suggestion),
                ShippingRates = quote.Rates,
                ShippingMethod = null,
                ShippingCost = null,
                TaxCost = null,
                Tax = null,
                Messages = [.. AddressAdvice.Messages(check), .. MessagesOf(quote)],
            },
        };
        return new(addressed.Reprice());
    }

    public static async Task<CommandResult> SetShippingMethod(TaskOrchestrationContext context, CheckoutState state, CheckoutCommand command)
    {
        if (state.Session is not { ShippingAddress: not null, ShippingRates: { } rates })
            return new(state, AnswerCode.StepNotReady) { Detail = "The shipping address is missing." };

        var chosen = rates.FirstOrDefault(rate => rate.Id == command.ShippingMethod);
        if (chosen is null)
            return new(state, AnswerCode.UnknownShippingMethod) { Detail = $"There is no rate '{command.ShippingMethod}' for this address." };

        var fresh = await context.FreshRates(state);
        if (fresh.Session.ShippingRates!.FirstOrDefault(rate => rate.Id == chosen.Id)?.Cost != chosen.Cost)
            return new(fresh.WithoutMethod(), AnswerCode.RateExpired) { Detail = "The rate has changed since it was shown." };

        return await context.Tax(state, fresh.WithMethod(chosen));
    }

    extension(TaskOrchestrationContext context)
    {
        /// <summary>The state with its tax; where tax can't be had, <paramref name="before"/>, unchanged.</summary>
        /// <param name="within">Milliseconds, for one attempt.</param>
        public async Task<CommandResult> Tax(CheckoutState before, CheckoutState untaxed, int? within = null)
        {
            try
            {
                var tax = await context.CalculateTax(untaxed.TaxRequest() with { WithinMilliseconds = within });
                if (tax.Refusal is not null)
                    return new(before, AnswerCode.AddressUndeliverable) { Detail = "The tax for this address can't be calculated: do its postal code, city and state belong together?" };

                var session = untaxed.Session with
                {
                    Status = CheckoutStatus.MethodSelected,
                    TaxCost = tax.Amount,
                    Tax = new(tax.Source, tax.Estimated, tax.AsOf),
                };
                return new((untaxed with { Session = session }).Reprice());
            }
            catch (TaskFailedException)
            {
                return new(before, AnswerCode.TaxUnavailable) { Detail = "The tax could not be calculated just now." };
            }
        }

        /// <summary>
        /// Rates not older than the quote's life, and no estimates once a provider is back. Of a provider that can't be asked again, the old ones:
        /// what the buyer saw holds.
        /// </summary>
        /// <param name="within">Milliseconds, for one attempt.</param>
        public async Task<CheckoutState> FreshRates(CheckoutState state, int? within = null)
        {
            if (state.RatesHold(context.Now))
                return state;

            try
            {
                var quote = await context.FetchShippingRates(state.RateRequest(state.Session.ShippingAddress!) with { WithinMilliseconds = within });
                return state with
                {
                    // Whoever was down is asked again next time.
                    RatesAt = quote.Down is null ? quote.AsOf ?? context.Now : state.RatesAt,
                    Session = state.Session with { ShippingRates = quote.RatesBeside(state.Session.ShippingRates!) },
                };
            }
            catch (TaskFailedException)
            {
                return state;
            }
        }

        /// <summary>A verifier that is down stops nobody from buying.</summary>
        private async Task<AddressCheck> Verify(Address address, string? previousResponseId)
        {
            try
            {
                return await context.VerifyAddress(new(address, previousResponseId));
            }
            catch (TaskFailedException)
            {
                return new(AddressVerdict.Unverified, null, []);
            }
        }
    }

    extension(CheckoutState state)
    {
        public FetchShippingRates RateRequest(Address to) => new(to, state.Items.Sum(item => item.WeightGrams * item.Quantity), state.Session.Currency);

        /// <summary>Young enough not to be asked for again; an estimate is asked for whatever its age.</summary>
        public bool RatesHold(DateTimeOffset now) =>
            now - state.RatesAt < TimeSpan.FromMinutes(state.Limits.QuoteMinutes) && !state.Session.ShippingRates!.Any(rate => rate.Estimated);

        public CheckoutState WithMethod(ShippingRate rate) =>
            (state with { Session = state.Session with { ShippingMethod = rate.Id, ShippingCost = rate.Cost, TaxCost = null, Tax = null, Messages = [] } }).Reprice();

        public CheckoutState WithoutMethod() => (state with
        {
            Session = state.Session with
            {
                Status = CheckoutStatus.AddressCollected,
                ShippingMethod = null,
                ShippingCost = null,
                TaxCost = null,
                Tax = null,
            },
        }).Reprice();
    }

    /// <summary>The first answer's, until an address is accepted. A verifier that was down has said nothing.</summary>
    private static string? ResponseIdAfter(AddressCheck check, string? first) => check.Verdict switch
    {
        AddressVerdict.Accepted => null,
        AddressVerdict.Unverified => first,
        _ => first ?? check.ResponseId,
    };

    private static IEnumerable<SessionMessage> MessagesOf(RateQuote quote)
    {
        if (quote.IsEstimate)
            yield return new(MessageSeverity.Info, "rates_estimated", "No carrier could be asked just now: these are estimates, and are checked again before you pay.", "/shipping_rates");
        foreach (var notice in quote.Notices ?? [])
            yield return new(MessageSeverity.Info, "carrier_unavailable", notice, "/shipping_rates");
    }
}
