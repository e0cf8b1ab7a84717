using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Checkout;

/// <summary>
/// What operators see of a checkout, in its instance's custom status and in the log: the step that it is at or, where it is stuck, what is wrong,
/// where the money and the goods are, what happens next and what they can do. Buyers see none of it.
/// </summary>
public sealed class OperatorView(TaskOrchestrationContext context)
{
    /// <summary>A custom status may have 8,192 characters in all.</summary>
    private const int Longest = 700;

    /// <param name="since">Null: now.</param>
    public void Report(string step, DateTimeOffset? since = null) => context.SetCustomStatus(new CheckoutStep(Short(step), since ?? context.Now));

    public void Alarm(Trouble trouble)
    {
        var step = $"{CheckoutStep.NeedsAttention}: {trouble.What}";
        // A CheckoutStep, and more.
        context.SetCustomStatus(new
        {
            Step = Short(step),
            Since = context.Now,
            Money = Short(trouble.Money),
            Goods = Short(trouble.Goods),
            Next = Short(trouble.Next),
            YouCan = Short(trouble.YouCan),
        });
        context.CreateReplaySafeLogger<OperatorView>().LogError(
            "Checkout {CheckoutId} {Step} Money: {Money} Goods: {Goods} Next: {Next} You can: {YouCan}", context.InstanceId, step, trouble.Money, trouble.Goods, trouble.Next, trouble.YouCan);
    }

    /// <summary>The money's state as the provider states it; where it can't be asked, as it was last known.</summary>
    public async Task<string> Money(Purchase? purchase)
    {
        if (purchase?.PaymentId is not { } paymentId)
            return "None is held or taken: no payment was authorized in this attempt.";

        try
        {
            var stated = purchase.Saw(await context.RetrievePayment(new(paymentId)), context.Now);
            return $"The provider states payment {paymentId} as {Purchase.Describe(stated)} (asked {context.Now:u}).";
        }
        catch (TaskFailedException unasked)
        {
            var known = purchase.Ended is { } ended ? $"It was undone: {Purchase.Describe(ended)}."
                : purchase.Stated is { } last ? $"At {purchase.StatedAt:u} it was {Purchase.Describe(last)}; since then it may have been captured or undone."
                : $"{purchase.Total} were to be held; whether they are is not known.";
            return $"The provider can't be asked about payment {paymentId} just now ({unasked.FailureDetails.ErrorMessage}). {known}";
        }
    }

    private static string Short(string text) => text.Length <= Longest ? text : text[..Longest];
}

/// <summary>Why a checkout is stuck, in sentences for whoever is called at night.</summary>
/// <param name="Money">What is held or taken, where.</param>
/// <param name="Goods">What stock or order is still bound.</param>
/// <param name="Next">What the checkout does by itself, and when.</param>
public sealed record Trouble(string What, string Money, string Goods, string Next, string YouCan)
{
    public static Trouble Of(TaskFailedException failure, Purchase? purchase, string money, DateTimeOffset again)
    {
        var retry = purchase is null ? "" : $" POST /api/operations/checkouts/{purchase.CheckoutId}/retry tries it at once.";
        return new(
            $"{failure.TaskName} keeps failing: {failure.FailureDetails.ErrorMessage}",
            money,
            GoodsOf(failure.TaskName, purchase),
            $"It is tried again by itself at {again:u} and every day after; what remains to be undone follows it.",
            $"Mend what the reason names.{retry}{(failure.TaskName == nameof(VoidPayment) ? " A payment that you cancel or refund in the provider's dashboard counts as done at the next try." : "")}");
    }

    private static string GoodsOf(string step, Purchase? purchase) => (step, purchase) switch
    {
        (_, null) => "None are bound by this step.",
        (nameof(VoidPayment), _) => $"{purchase.Goods} stay held under {purchase.HoldKey}, or sold in order {purchase.OrderId} if that was written, until the money is free; both are undone after it.",
        (nameof(CancelOrder), _) => $"Order {purchase.OrderId} may still stand with {purchase.Goods}, although it isn't paid.",
        _ => $"{purchase.Goods} may still be held under {purchase.HoldKey}.",
    };
}
