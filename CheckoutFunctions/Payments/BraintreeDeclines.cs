using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Payments;

/// <summary>Processors' response codes and the gateway's rejections in the decline codes that the checkout answers with, whichever provider is behind it.</summary>
internal static class BraintreeDeclines
{
    private static readonly Dictionary<string, string> ByResponse = new(StringComparer.Ordinal)
    {
        ["2000"] = "do_not_honor",
        ["2001"] = "insufficient_funds",
        ["2002"] = "card_velocity_exceeded", // over the card's limit
        ["2003"] = "card_velocity_exceeded",
        ["2004"] = "expired_card",
        ["2005"] = "incorrect_number",
        ["2006"] = "invalid_expiry_year",
        ["2007"] = "invalid_account",
        ["2008"] = "incorrect_number",
        ["2009"] = "incorrect_number", // no such issuer
        ["2010"] = "incorrect_cvc",
        ["2011"] = "call_issuer",
        ["2012"] = "lost_card",
        ["2013"] = "stolen_card",
        ["2014"] = "fraudulent",
        ["2015"] = "transaction_not_allowed",
        ["2016"] = "duplicate_transaction",
        ["2017"] = "revocation_of_authorization",
        ["2018"] = "revocation_of_all_authorizations",
        ["2019"] = "transaction_not_allowed",
        ["2020"] = "transaction_not_allowed", // a violation of the bank's rules
        ["2021"] = "security_violation",
        ["2022"] = "new_account_information_available",
        ["2024"] = "card_not_supported",
        ["2034"] = "no_action_taken",
        ["2038"] = "generic_decline",
        ["2041"] = "call_issuer",
        ["2043"] = "call_issuer",
        ["2044"] = "call_issuer",
        ["2046"] = "generic_decline",
        ["2047"] = "pickup_card",
        ["2048"] = "invalid_amount",
        ["2051"] = "incorrect_number", // of another kind of card
        ["2053"] = "stolen_card", // lost or stolen
        ["2057"] = "restricted_card",
        ["2059"] = "incorrect_address",
        ["2060"] = "incorrect_cvc", // and address
        ["2064"] = "currency_not_supported",
        ["2074"] = "generic_decline", // the card behind a PayPal account
        ["2075"] = "restricted_card", // so that account
        ["2076"] = "transaction_not_allowed",
        ["2077"] = "fraudulent",
        ["2093"] = "expired_card",
        ["2099"] = "authentication_required",
        ["2101"] = "authentication_required",
        ["2102"] = "incorrect_pin",
        ["2103"] = "pin_try_exceeded",
        ["2105"] = "not_permitted",
        ["2106"] = "not_permitted",
        ["2107"] = "restricted_card", // not activated
        ["2108"] = "invalid_account", // closed
        ["3000"] = "try_again_later",
    };

    public static string CodeOf(BraintreeEvent? last) => last switch
    {
        { GatewayRejectionReason: { } reason } => OfRejection(reason),
        { ProcessorResponse.LegacyCode: { } code } when ByResponse.TryGetValue(code, out var known) => known,
        { ProcessorResponse.LegacyCode: ['3', ..] } => "try_again_later",
        _ => "generic_decline",
    };

    /// <summary>What Braintree knows beyond the code: whether the same card could work later. Null: what follows from the code.</summary>
    public static string? AdviceOf(BraintreeEvent? last) => (last?.DeclineType, DeclineAdvice.Of(CodeOf(last))) switch
    {
        ("HARD", DeclineAdvice.TryAgainLater) => DeclineAdvice.AnotherCard,
        ("SOFT", DeclineAdvice.AnotherCard) when last!.ProcessorResponse?.LegacyCode is { } code && !ByResponse.ContainsKey(code) => DeclineAdvice.TryAgainLater,
        _ => null,
    };

    /// <summary>An authorization that Braintree refused to make at all, by its validation's code.</summary>
    public static string CodeOf(BraintreeRefusal no) => no.Code switch
    {
        "81715" or "81716" or "81717" => "incorrect_number",
        "91567" or "91517" => "card_not_supported",
        "91568" or "91570" or "81571" => "authentication_required",
        _ => "invalid_payment_method",
    };

    private static string OfRejection(string reason) => reason switch
    {
        "AVS" => "incorrect_address",
        "AVS_AND_CVV" or "CVV" => "incorrect_cvc",
        "DUPLICATE" => "duplicate_transaction",
        "FRAUD" or "PAYMENT_METHOD_BLOCKED" or "RISK_THRESHOLD" => "fraudulent",
        "THREE_D_SECURE" or "TOO_MANY_CONFIRMATION_ATTEMPTS" or "UNION_PAY_ENROLLMENT_REQUIRED" => "authentication_required",
        "EXCESSIVE_RETRY" => "card_velocity_exceeded",
        _ => "generic_decline",
    };
}
