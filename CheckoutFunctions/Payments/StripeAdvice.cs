using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Payments;

/// <summary>What Stripe advises beyond its decline code: its own advice, and where there is none the card network's code. A clear decline code needs neither.</summary>
internal static class StripeAdvice
{
    /// <summary>Null: what follows from the decline code.</summary>
    public static string? Of(StripeSdk.StripeError error)
    {
        var code = error.ToDeclineCode();
        var known = DeclineAdvice.Of(code);
        var advice = DeclineAdvice.IsConfidential(code) ? known
            : IsVague(code) ? OfVague(error, known)
            : error.AdviceCode == "do_not_try_again" && known == DeclineAdvice.TryAgainLater ? DeclineAdvice.AnotherCard
            : known;
        return advice == known ? null : advice;
    }

    private static bool IsVague(string code) => code is "card_declined" or "do_not_honor" or "generic_decline" or "no_action_taken";

    private static string OfVague(StripeSdk.StripeError error, string known) => (OfNetwork(error.NetworkDeclineCode), error.AdviceCode) switch
    {
        // Lost, stolen or suspected: whatever else is advised.
        (DeclineAdvice.AnotherCard, _) => DeclineAdvice.AnotherCard,
        (_, "confirm_card_data") => DeclineAdvice.CheckDetails,
        (_, "try_again_later") => DeclineAdvice.TryAgainLater,
        (DeclineAdvice.TryAgainLater, "do_not_try_again") => DeclineAdvice.AnotherCard,
        var (network, _) => network ?? known,
    };

    /// <summary>The networks share the codes of ISO 8583, and have some of their own.</summary>
    private static string? OfNetwork(string? code) => code switch
    {
        "04" or "07" or "34" or "41" or "43" or "59" or "63" => DeclineAdvice.AnotherCard,
        "14" or "15" => DeclineAdvice.CheckNumber,
        "33" or "54" => DeclineAdvice.RenewedCard,
        "51" or "61" => DeclineAdvice.MoreFunds,
        "82" or "N7" => DeclineAdvice.CheckCode,
        "1A" => DeclineAdvice.Authenticate,
        "19" or "28" or "68" or "91" or "96" => DeclineAdvice.TryAgainLater,
        "01" or "02" or "57" or "62" or "65" or "70" or "78" => DeclineAdvice.ContactBank,
        _ => null,
    };
}
