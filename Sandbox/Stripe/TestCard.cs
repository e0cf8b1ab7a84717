namespace Sandbox.Stripe;

/// <summary>A test card's face, and what becomes of a payment with it.</summary>
/// <param name="Decline">Null: it pays.</param>
/// <param name="NeedsAuthentication">The buyer must pass 3-D Secure first; only then it pays or declines.</param>
internal sealed record TestCard(string Brand, string Last4, Decline? Decline = null, bool NeedsAuthentication = false, RefundFate Refunds = RefundFate.Succeeds)
{
    private static readonly Dictionary<string, TestCard> ByToken = new(StringComparer.Ordinal)
    {
        ["pm_card_visa"] = new("visa", "4242"),
        ["pm_card_us"] = new("visa", "4242"),
        ["pm_card_visa_debit"] = new("visa", "5556"),
        ["pm_card_mastercard"] = new("mastercard", "4444"),
        ["pm_card_mastercard_debit"] = new("mastercard", "8210"),
        ["pm_card_amex"] = new("amex", "8431"),
        ["pm_card_discover"] = new("discover", "9424"),
        ["pm_card_diners"] = new("diners", "0004"),
        ["pm_card_jcb"] = new("jcb", "0505"),
        ["pm_card_unionpay"] = new("unionpay", "0005"),
        ["pm_card_pendingRefund"] = new("visa", "7726", Refunds: RefundFate.Pends),
        ["pm_card_refundFail"] = new("visa", "5126", Refunds: RefundFate.Fails),
        ["pm_card_chargeDeclined"] = new("visa", "0002", Decline.Generic),
        ["pm_card_chargeCustomerFail"] = new("visa", "0341", Decline.Generic),
        ["pm_card_chargeDeclinedInsufficientFunds"] = new("visa", "9995", Decline.InsufficientFunds),
        ["pm_card_chargeDeclinedLostCard"] = new("visa", "9987", Decline.Card("lost_card")),
        ["pm_card_chargeDeclinedStolenCard"] = new("visa", "9979", Decline.Card("stolen_card")),
        ["pm_card_chargeDeclinedVelocityLimitExceeded"] = new("visa", "6975", Decline.Card("card_velocity_exceeded")),
        ["pm_card_radarBlock"] = new("visa", "0019", Decline.Card("fraudulent")),
        ["pm_card_chargeDeclinedExpiredCard"] = new("visa", "0069", new("expired_card", null, "Your card has expired.")),
        ["pm_card_chargeDeclinedIncorrectCvc"] = new("visa", "0127", new("incorrect_cvc", null, "Your card's security code is incorrect.")),
        ["pm_card_chargeDeclinedProcessingError"] = new(
            "visa", "0119", new("processing_error", null, "An error occurred while processing your card. Try again in a little bit.")),
        ["pm_card_authenticationRequired"] = new("visa", "3184", NeedsAuthentication: true),
        ["pm_card_threeDSecure2Required"] = new("visa", "3220", NeedsAuthentication: true),
        ["pm_card_threeDSecureRequired"] = new("visa", "3063", NeedsAuthentication: true),
        ["pm_card_threeDSecureRequiredChargeDeclined"] = new("visa", "1629", Decline.Generic, NeedsAuthentication: true),
        ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"] = new(
            "visa", "8260", Decline.InsufficientFunds, NeedsAuthentication: true),
    };

    /// <summary>The card behind a token. A declining one may be spelled with its brand or without.</summary>
    public static TestCard? Find(string token) => ByToken.GetValueOrDefault(
        token.StartsWith("pm_card_visa_charge", StringComparison.Ordinal) ? token.Replace("_visa_", "_", StringComparison.Ordinal) : token);
}

/// <summary>What becomes of a refund to a card: some are pending at first, some fail after they had succeeded.</summary>
internal enum RefundFate
{
    Succeeds,
    Pends,
    Fails,
}

/// <summary>Why a card is refused, in Stripe's codes; some have no decline code.</summary>
internal sealed record Decline(string Code, string? DeclineCode, string Message)
{
    public static readonly Decline Generic = Card("generic_decline");

    public static readonly Decline InsufficientFunds = new("card_declined", "insufficient_funds", "Your card has insufficient funds.");

    public static readonly Decline AuthenticationRequired = new(
        "authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication.");

    /// <summary>The buyer failed 3-D Secure; Stripe says so in the intent, not as a card error.</summary>
    public static readonly Decline AuthenticationFailed = new(
        "payment_intent_authentication_failure", null, "The provided PaymentMethod has failed authentication. Provide a new PaymentMethod to attempt to fulfill this PaymentIntent again.");

    public string Type => this == AuthenticationFailed ? "invalid_request_error" : "card_error";

    public static Decline Card(string declineCode) => new("card_declined", declineCode, "Your card was declined.");
}
