namespace CheckoutFunctions.Domain;

/// <summary>
/// What a buyer can do after a decline, and the sentence that says it. Of a card that is lost, stolen or under suspicion nobody is told more than that
/// another one may work: whoever holds it may not be its owner.
/// </summary>
public static class DeclineAdvice
{
    public const string AnotherCard = "another_card";
    public const string Authenticate = "authenticate";
    public const string CheckAddress = "check_address";
    public const string CheckCode = "check_code";
    public const string CheckDetails = "check_details";
    public const string CheckExpiry = "check_expiry";
    public const string CheckNumber = "check_number";
    public const string ContactBank = "contact_bank";
    public const string MoreFunds = "more_funds";
    public const string RenewedCard = "renewed_card";
    public const string TryAgainLater = "try_again_later";

    private static readonly HashSet<string> Confidential = new(StringComparer.Ordinal)
    {
        "fraudulent", "lost_card", "merchant_blacklist", "merchant_rule", "pickup_card", "stolen_card",
    };

    /// <summary>By the decline code alone, whichever provider's; one that isn't known advises another card.</summary>
    public static string Of(string? declineCode) => declineCode switch
    {
        "incorrect_number" or "invalid_number" => CheckNumber,
        "incorrect_cvc" or "invalid_cvc" => CheckCode,
        "invalid_expiry_month" or "invalid_expiry_year" => CheckExpiry,
        "incorrect_zip" or "incorrect_address" => CheckAddress,
        "invalid_payment_method" or "new_account_information_available" => CheckDetails,
        "expired_card" => RenewedCard,
        "insufficient_funds" => MoreFunds,
        "authentication_required" or "authentication_not_handled" or "mobile_device_authentication_required"
            or "authentication_expired" or "payment_intent_authentication_failure" => Authenticate,
        "approve_with_id" or "duplicate_transaction" or "issuer_not_available" or "processing_error" or "reenter_transaction" or "try_again_later" => TryAgainLater,
        "call_issuer" or "card_velocity_exceeded" or "do_not_honor" or "do_not_try_again" or "invalid_account" or "invalid_amount" or "no_action_taken"
            or "not_permitted" or "restricted_card" or "revocation_of_all_authorizations" or "revocation_of_authorization" or "security_violation"
            or "service_not_allowed" or "stop_payment_order" or "transaction_not_allowed" or "withdrawal_count_limit_exceeded" => ContactBank,
        _ => AnotherCard,
    };

    /// <summary>The buyer must not be told why.</summary>
    public static bool IsConfidential(string? declineCode) => declineCode is not null && Confidential.Contains(declineCode);

    /// <summary>What goes into the answer to the buyer.</summary>
    /// <param name="advice">What the provider advises beyond the code; null: what follows from the code.</param>
    public static string Text(string? declineCode, string? advice = null) => (advice ?? Of(declineCode)) switch
    {
        Authenticate => "The bank wants to be sure that it is you. Nothing was charged; pay once more, and confirm it with your bank.",
        CheckAddress => "The card was declined. Nothing was charged; check that the address and postal code are those that your bank has.",
        CheckCode => "The card was declined. Nothing was charged; check the card's security code and enter it once more.",
        CheckDetails => "The card was declined. Nothing was charged; check the card's details and enter them once more.",
        CheckExpiry => "The card was declined. Nothing was charged; check the card's expiry date and enter it once more.",
        CheckNumber => "The card was declined. Nothing was charged; check the card's number and enter it once more.",
        ContactBank => "The card was declined. Nothing was charged; your bank can tell you why, and another card may work.",
        MoreFunds => "There is not enough money or credit on the card. Nothing was charged; another card may work.",
        RenewedCard => "The card has expired. Nothing was charged; use another one.",
        TryAgainLater => "The bank can't approve this now. Nothing was charged; try again in a few minutes, or use another card.",
        _ => "The card was declined. Nothing was charged; another card may work.",
    };
}
