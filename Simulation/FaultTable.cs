using CheckoutFunctions.Addresses;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using static CheckoutFunctions.Sessions.AnswerCode;
using static Simulation.FaultKind;

namespace Simulation;

/// <summary>Every activity of the flow, every fault, and what is right then. An activity without a row fails a test.</summary>
internal static class FaultTable
{
    private static readonly TimeSpan Days = TimeSpan.FromDays(5);

    private static readonly Right Sold = new(CheckoutStatus.Completed);

    private static readonly Right GivenBack = new(CheckoutStatus.Completed) { Outcome = "Refund:refunded" };

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        // The verifier stops nobody from buying; rates, tax and discounts are asked for again when the buyer comes again.
        new(nameof(VerifyAddress), Journey.Pays, Sold),
        new(nameof(FetchShippingRates), Journey.Pays, Sold) { Except = Unless(After(ShippingUnavailable), Late, Down) },
        new(nameof(CalculateTax), Journey.Pays, Sold) { Except = Unless(After(TaxUnavailable), Late, Down) },
        new(nameof(CheckDiscounts), Journey.UsesADiscount, Sold) { Except = Unless(After(StoreUnavailable), Late, Down) },

        // The saga: one failed call is tried again; an outage takes everything back, and the buyer pays when it is over.
        new(nameof(ReserveInventory), Journey.Pays, Sold) { Except = Unless(After(StoreUnavailable), Late, Down) },
        new(nameof(CreatePayment), Journey.Pays, Sold) { Except = Unless(After(PaymentUnavailable), Late, Down) },
        // A payment that isn't the one asked for is an operator's to judge.
        new(nameof(AuthorizePayment), Journey.Pays, Sold) { Except = Unless(After(PaymentUnavailable), Late, Down).With(FaultKind.Malformed, Over(NeedsAttention)) },
        new(nameof(AuthorizePayment), Journey.ConfirmsByThreeDSecure, Sold)
        {
            Case = "by 3-D Secure",
            Except = Unless(After(PaymentUnavailable), Late, Down).With(FaultKind.Malformed, Over(NeedsAttention)),
        },

        // After a webhook it is asked for until the buyer's quarter of an hour is over.
        new(nameof(RetrievePayment), Journey.ConfirmsByThreeDSecure, Sold)
        {
            GivenUp = TimeSpan.FromMinutes(20),
            Except = Unless(After(PaymentUnavailable), Late, Down).With(FaultKind.Malformed, Over(NeedsAttention)),
        },
        // The buyer was sent to the bank beside it: who comes back after it failed pays with another card.
        new(nameof(ExtendHold), Journey.ConfirmsByThreeDSecure, Sold),
        new(nameof(PlaceOrder), Journey.Pays, Sold) { Except = Unless(After(StoreUnavailable), Late, Down) },
        new(nameof(PlaceOrder), Journey.Pays, After(StoreUnavailable)) { Case = "while its money can't be given back", Kinds = [Late], Beside = nameof(VoidPayment) },

        // Captures are tried for most of a day: an outage of hours costs no sale. Past that the money goes back and the buyer pays anew.
        new(nameof(CapturePayment), Journey.Pays, Sold)
        {
            GivenUp = TimeSpan.FromHours(26),
            Except = Unless(After(PaymentUnavailable), Late, FaultKind.Malformed),
        },

        // Compensations don't give up: hours pass unseen, after days an operator is asked, and the checkout's own day is over.
        new(nameof(VoidPayment), Journey.IsDeclinedFirst, After(CardDeclined)) { Outage = Days, Except = Unless(Over(CardDeclined), Down) },
        new(nameof(ReleaseInventory), Journey.IsDeclinedFirst, After(CardDeclined)) { Outage = Days, Except = Unless(Over(CardDeclined), Down) },
        new(nameof(CancelOrder), Journey.CannotBeCapturedFirst, After(PaymentUnavailable)) { Outage = Days, Except = Unless(Over(PaymentUnavailable), Down) },

        // What the buyer doesn't wait for, and the document without which nobody is answered.
        new(nameof(RecordTax), Journey.Pays, Sold) { Outage = Days },
        new(nameof(OrderActivities.PublishOrderPlaced), Journey.Pays, Sold) { Outage = Days },
        new(nameof(SaveSession), Journey.Pays, Sold),

        // An operator's refund: it doesn't give up either, and one that isn't the one asked for waits for an operator.
        new(nameof(RefundPayment), Journey.IsRefunded, GivenBack) { Outage = Days },
        new(nameof(FindRefund), Journey.IsRefunded, GivenBack) { Outage = Days },
        new(nameof(RecordTaxRefund), Journey.IsRefunded, GivenBack) { Outage = Days },
        new(nameof(RestockInventory), Journey.IsRefunded, GivenBack) { Outage = Days },
        new(nameof(SaveRefund), Journey.IsRefunded, GivenBack) { Outage = Days },

        new(CheckoutOrchestrator.Name, Journey.Pays, Sold) { Kinds = [KilledUncommitted, KilledCommitted] },
        new(RefundOrchestrator.Name, Journey.IsRefunded, GivenBack) { Kinds = [KilledUncommitted, KilledCommitted] },
    ];

    public static IEnumerable<(string Function, FaultKind Kind)> Cells => Rows.SelectMany(row => row.Kinds.Select(kind => (row.Activity, kind))).Distinct();

    private static Right After(AnswerCode refusal) => new(CheckoutStatus.Completed, refusal);

    private static Right Over(AnswerCode refusal) => new(CheckoutStatus.Expired, refusal);

    private static Dictionary<FaultKind, Right> Unless(Right right, params FaultKind[] kinds) => kinds.ToDictionary(kind => kind, _ => right);

    private static Dictionary<FaultKind, Right> With(this Dictionary<FaultKind, Right> rights, FaultKind kind, Right right)
    {
        rights.Add(kind, right);
        return rights;
    }
}
