using CheckoutFunctions.Checkout;
using CheckoutFunctions.Sessions;

namespace Simulation;

/// <summary>A buyer who follows a journey: comes every few minutes for two days, does the next step, and tries again what was refused.</summary>
internal sealed class ScriptedBuyer(Random random, string checkoutId, SimulatedPayments payments, Journey journey) : Buyer(random, checkoutId, payments)
{
    private const int Visits = 600;

    private int visits;
    private bool discounted = journey.Discount is null;
    private bool paid;

    public override void PlanNextVisit(DateTimeOffset now) => NextVisit = visits++ < Visits ? now.AddMinutes(5) : null;

    /// <summary>Nothing is raised twice: a repeat that meets a parked checkout would be answered in its first one's place.</summary>
    public override IEnumerable<CheckoutCommand> Visit(SessionDocument session)
    {
        if (session.IsClosed)
            visits = Visits;
        return Decide(session) is { } command ? [command] : [];
    }

    protected override CheckoutCommand? Decide(SessionDocument session)
    {
        // Its code is given once, and again where it was refused.
        discounted |= session.Discounts.Count > 0;
        return session.Status switch
        {
            CheckoutStatus.Cart => Address("1 Main St"),
            CheckoutStatus.AddressCollected => Method("FedEx_Ground"),
            CheckoutStatus.MethodSelected when !discounted => New(CommandKind.SetDiscounts) with { DiscountCodes = [journey.Discount!] },
            CheckoutStatus.MethodSelected => NextPayment(),
            CheckoutStatus.ActionRequired => Confirm(),
            _ => null,
        };
    }

    private CheckoutCommand NextPayment()
    {
        var card = paid ? Cards.Good : journey.Card;
        paid = true;
        return Pay(card, null);
    }

    private CheckoutCommand Confirm()
    {
        Payments.AnswerThreeDSecure(CheckoutId, approve: true);
        return New(CommandKind.ConfirmPayment);
    }
}
