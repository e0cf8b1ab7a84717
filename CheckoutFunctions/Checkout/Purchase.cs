using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Checkout;

/// <summary>
/// One attempt to buy: what is bought, for how much, paid with what. Every idempotency key is <c>checkout:attempt:operation</c>,
/// and the attempt grows only when the buyer decides anew, so a technical retry repeats a key and a new card never does.
/// </summary>
public sealed class Purchase(CheckoutState state, string paymentToken, string orderId, DateTimeOffset now)
{
    private readonly SessionDocument session = state.Session;

    public Money Total { get; } = new(
        state.Session.GrandTotal ?? throw new InvalidOperationException("A purchase needs a grand total."), state.Session.Currency);

    public string CheckoutId => session.CheckoutId;

    /// <summary>When the hold ends unless it is extended.</summary>
    public DateTimeOffset HoldEnds => now.AddMinutes(state.Limits.HoldMinutes);

    public string OrderId => orderId;

    public string HoldKey => Key("hold");

    /// <summary>What is bought, in words.</summary>
    public string Goods { get; } = string.Join(", ", state.Items.Select(item => $"{item.Quantity} × {item.Sku}"));

    /// <summary>The provider's id of the payment, once there is one.</summary>
    public string? PaymentId { get; set; }

    /// <summary>The payment as the provider stated it last, and when.</summary>
    public Payment? Stated { get; private set; }

    public DateTimeOffset StatedAt { get; private set; }

    /// <summary>The payment after it was voided or given back.</summary>
    public Payment? Ended { get; set; }

    /// <summary>How often somebody, or a day, said: undo it again. Null: never.</summary>
    public int? Again { get; set; }

    public ReserveInventory Reserve => new(
        HoldKey,
        CheckoutId,
        state.Items.Select(item => new HoldLine(item.Sku, item.Quantity, item.UnitPrice)).ToList(),
        HoldEnds,
        state.DiscountRules.Any(rule => rule.IsLimited) ? state.DiscountRules.Where(rule => rule.IsLimited).Select(rule => rule.Code).ToList() : null);

    /// <summary>Past a wait by as long as a payment without one may take.</summary>
    public ExtendHold Extend(DateTimeOffset waitEnds) => new(HoldKey, CheckoutId, waitEnds.AddMinutes(state.Limits.HoldMinutes));

    public ReleaseInventory Release => new(HoldKey, CheckoutId);

    public CreatePayment Create => new(Key("create"), CheckoutId, Total, paymentToken, now);

    public AuthorizePayment Authorize(string paymentId) => new(Key("authorize"), paymentId, now);

    public VoidPayment Void(string paymentId) => new(Key("void"), paymentId, Again);

    public CapturePayment Capture(string paymentId) => new(Key("capture"), paymentId, Total, now);

    public PlaceOrder Place(Order order) => new(order, HoldKey);

    public CancelOrder Cancel(Order order) => new(order, HoldKey);

    public Order Order(string paymentId) => new(
        orderId,
        CheckoutId,
        session.Currency,
        state.Items,
        session.Subtotal,
        session.DiscountTotal,
        session.ShippingCost ?? 0,
        session.TaxCost ?? 0,
        Total.Amount,
        session.Customer?.Email,
        session.ShippingAddress!,
        session.ShippingMethod!,
        paymentId,
        now);

    public Payment Saw(Payment payment, DateTimeOffset at)
    {
        (Stated, StatedAt) = (payment, at);
        return payment;
    }

    /// <summary>The provider's payment must be ours, to the cent, before an order rests on it: what differs, or null.</summary>
    public string? MismatchOf(Payment payment) =>
        payment.Amount == Total.Amount && payment.Currency == Total.Currency && payment.Reference == CheckoutId
            ? null
            : $"Payment {payment.Id} was to be {Total} for {CheckoutId}, and the provider held {Amount(payment.Amount, payment.Currency)} for {payment.Reference ?? "nobody"}.";

    /// <summary>The money's state in the provider's words.</summary>
    public static string Describe(Payment payment) =>
        $"{payment.State}, {Amount(payment.Amount, payment.Currency)} in all, {Amount(payment.Captured, payment.Currency)} captured, {Amount(payment.Refunded, payment.Currency)} refunded";

    /// <summary>Minor units: a provider may answer a currency that we don't know.</summary>
    private static string Amount(long minor, string currency) =>
        Currencies.IsKnown(currency) ? new Money(minor, currency).ToString() : $"{minor} minor units of '{currency}'";

    private string Key(string operation) => $"{CheckoutId}:{state.Attempt}:{operation}";
}

/// <summary>How an attempt to buy ended. Only <see cref="PlacementOutcome.Completed"/> took money.</summary>
public sealed record Placement(PlacementOutcome Outcome)
{
    public Order? Order { get; init; }

    public string? DeclineCode { get; init; }

    public string? Advice { get; init; }

    public Reservation? Reservation { get; init; }

    public string? Detail { get; init; }
}

public enum PlacementOutcome
{
    Completed,
    Declined,
    OutOfStock,
    PriceChanged,
    DiscountLost,
    InvalidToken,

    /// <summary>The buyer cancelled while the provider waited for 3-D Secure.</summary>
    Cancelled,

    /// <summary>The buyer never came back from 3-D Secure.</summary>
    ActionExpired,
    PaymentUnavailable,
    StoreUnavailable,
}
