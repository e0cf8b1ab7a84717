using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Payments;

/// <summary>
/// Takes money in steps that can each be looked up afterwards. <see cref="Create"/> moves none: it only gives the id by which
/// all that follows is found again, so an unknown outcome is retrieved and never guessed. A decline is a value; a fault is a <see cref="ProviderException"/>.
/// </summary>
public interface IPaymentGateway
{
    string Name { get; }

    /// <summary>
    /// Registers a payment of exactly this amount at the provider. No money moves. The same key gives the same payment.
    /// A request that is older than the provider's memory of keys is a fault: nobody waits for it any more, and it could be a second payment.
    /// </summary>
    Task<CreatedPayment> Create(CreatePayment request, CancellationToken cancellation);

    /// <summary>
    /// Holds the money, or says declined or action required. Asking again gives the same answer.
    /// A request that is older than the provider's memory of keys holds nothing any more: it only tells how the payment stands.
    /// </summary>
    Task<Payment> Authorize(AuthorizePayment request, CancellationToken cancellation);

    /// <summary>The payment as the provider states it now.</summary>
    Task<Payment> Retrieve(string paymentId, CancellationToken cancellation);

    /// <summary>Takes the held money. A payment already captured is returned as it is; one that can't be captured any more comes back in its state, not captured.</summary>
    Task<Payment> Capture(CapturePayment request, CancellationToken cancellation);

    /// <summary>
    /// Ends the payment so that the buyer keeps the money: cancels what is held or not yet confirmed, refunds only what was captured.
    /// After it returns, a late confirmation can't take effect any more. A refund may still be on its way, and bounce weeks later: the payment is then
    /// stated as captured again, and giving the money back once more needs <see cref="VoidPayment.Again"/>.
    /// </summary>
    Task<Payment> Void(VoidPayment request, CancellationToken cancellation);

    /// <summary>Gives back a part of a captured payment, once for each key however often it is asked, even after the provider forgot its idempotency keys.</summary>
    Task<PaymentRefund> Refund(RefundPayment request, CancellationToken cancellation);

    /// <summary>The refund under this key as the provider states it now.</summary>
    Task<PaymentRefund> FindRefund(FindRefund request, CancellationToken cancellation);

    /// <summary>
    /// The payments that were created since then with a reference, newest first; pages are fetched as they are read. An account may be shared:
    /// a reference can be somebody else's. Those that nothing was authorized for may be missing.
    /// </summary>
    IAsyncEnumerable<ListedPayment> List(DateTimeOffset since, CancellationToken cancellation);
}

/// <param name="Key">The idempotency key: <c>checkout:attempt:create</c>.</param>
/// <param name="CheckoutId">Goes to the provider as the reference.</param>
/// <param name="Token">The provider's token of the buyer's payment method; never a card number.</param>
/// <param name="Since">When it was first wanted; null, from before this was written down: just now. So for the others.</param>
public sealed record CreatePayment(string Key, string CheckoutId, Money Amount, string Token, DateTimeOffset? Since = null);

/// <summary><paramref name="PaymentId"/> is null when the token was refused.</summary>
public sealed record CreatedPayment(CreatePaymentOutcome Outcome, string? PaymentId, string? Reason = null);

[JsonConverter(typeof(JsonStringEnumConverter<CreatePaymentOutcome>))]
public enum CreatePaymentOutcome
{
    Created,

    /// <summary>Not a token of this provider.</summary>
    InvalidToken,

    /// <summary>The provider refuses the payment itself, e.g. an amount below its minimum.</summary>
    Refused,
}

public sealed record AuthorizePayment(string Key, string PaymentId, DateTimeOffset? Since = null);

public sealed record CapturePayment(string Key, string PaymentId, Money Amount, DateTimeOffset? Since = null);

/// <param name="Again">Grows when somebody decides that a refund which failed shall be made once more; null: not yet.</param>
public sealed record VoidPayment(string Key, string PaymentId, int? Again = null);

/// <summary>A payment as the provider states it. Amounts in minor units of <paramref name="Currency"/>.</summary>
/// <param name="Reference">The checkout id that we gave at creation.</param>
/// <param name="Advice">What the buyer can do where the provider knows more than the decline code says: one of <see cref="DeclineAdvice"/>.</param>
public sealed record Payment(
    string Id,
    PaymentState State,
    long Amount,
    string Currency,
    string? Reference,
    long Captured = 0,
    long Refunded = 0,
    string? DeclineCode = null,
    PaymentAction? Action = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Advice = null);

public sealed record ListedPayment(Payment Payment, DateTimeOffset CreatedAt);

[JsonConverter(typeof(JsonStringEnumConverter<PaymentState>))]
public enum PaymentState
{
    /// <summary>Registered; no money has moved.</summary>
    Created,

    /// <summary>The provider is still working on it: ask again.</summary>
    Processing,
    ActionRequired,
    Authorized,
    Declined,
    Captured,
    Voided,
    Refunded,
}

/// <summary>What the buyer must do, e.g. 3-D Secure: with <paramref name="ClientSecret"/> in the provider's own script, or at <paramref name="Url"/>.</summary>
public sealed record PaymentAction(string Type, string? ClientSecret, string? Url);
