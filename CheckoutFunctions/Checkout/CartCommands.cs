using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>Who buys, and with which codes.</summary>
public static class CartCommands
{
    public static CommandResult SetCustomer(CheckoutState state, CheckoutCommand command) =>
        new(state with { Session = state.Session with { Customer = command.Customer } });

    public static async Task<CommandResult> SetDiscounts(TaskOrchestrationContext context, CheckoutState state, CheckoutCommand command)
    {
        var check = await context.CheckDiscounts(new(command.DiscountCodes!, state.Session.Currency));
        if (check.Refused.Count > 0)
        {
            return new(state, AnswerCode.DiscountNotApplicable)
            {
                Detail = string.Join(' ', check.Refused.Select(refused => $"{refused.Code}: {refused.Reason}")),
                Errors = check.Refused
                    .Select(refused => new AnswerError($"/codes/{IndexOf(command.DiscountCodes!, refused.Code)}", $"{refused.Code}: {refused.Reason}"))
                    .ToList(),
            };
        }

        var discounted = (state with { DiscountRules = check.Rules }).Reprice();
        return state.Session.Status == CheckoutStatus.MethodSelected ? await context.Tax(state, discounted) : new(discounted);
    }

    private static int IndexOf(IReadOnlyList<string> codes, string code) =>
        codes.Select((given, index) => (given, index)).First(pair => string.Equals(pair.given.Trim(), code, StringComparison.OrdinalIgnoreCase)).index;
}
