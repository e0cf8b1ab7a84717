using System.Text.RegularExpressions;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Tests.Payments;

public sealed partial class DeclineAdviceTests
{
    /// <summary>Every decline code that Stripe documents for cards, with what its buyer can do.</summary>
    [Theory]
    [InlineData("another_card", "card_not_supported currency_not_supported generic_decline incorrect_pin invalid_pin offline_pin_required online_or_offline_pin_required pin_try_exceeded testmode_decline")]
    [InlineData("another_card", "fraudulent lost_card merchant_blacklist pickup_card stolen_card")]
    [InlineData("authenticate", "authentication_not_handled authentication_required mobile_device_authentication_required payment_intent_authentication_failure")]
    [InlineData("check_address", "incorrect_address incorrect_zip")]
    [InlineData("check_code", "incorrect_cvc invalid_cvc")]
    [InlineData("check_details", "new_account_information_available invalid_payment_method")]
    [InlineData("check_expiry", "invalid_expiry_month invalid_expiry_year")]
    [InlineData("check_number", "incorrect_number invalid_number")]
    [InlineData("contact_bank", "call_issuer card_velocity_exceeded do_not_honor do_not_try_again invalid_account invalid_amount no_action_taken not_permitted restricted_card")]
    [InlineData("contact_bank", "revocation_of_all_authorizations revocation_of_authorization security_violation service_not_allowed stop_payment_order transaction_not_allowed withdrawal_count_limit_exceeded")]
    [InlineData("more_funds", "insufficient_funds")]
    [InlineData("renewed_card", "expired_card")]
    [InlineData("try_again_later", "approve_with_id duplicate_transaction issuer_not_available processing_error reenter_transaction try_again_later")]
    [InlineData("another_card", "of_a_later_version")]
    public void A_decline_code_says_what_the_buyer_can_do(string advice, string codes) =>
        Assert.All(codes.Split(' '), code => Assert.Equal((code, advice), (code, DeclineAdvice.Of(code))));

    [Fact]
    public void A_card_that_is_lost_stolen_or_under_suspicion_gets_the_words_of_any_other_decline()
    {
        var any = DeclineAdvice.Text("generic_decline");

        Assert.All(["fraudulent", "lost_card", "merchant_blacklist", "pickup_card", "stolen_card"], code => Assert.Equal(any, DeclineAdvice.Text(code)));
        Assert.All(
            ["2012", "2013", "2014", "2047", "2053", "2077"],
            response => Assert.Equal(any, DeclineAdvice.Text(CodeOf(response), BraintreeDeclines.AdviceOf(Declined(response, "HARD")))));
    }

    [Fact]
    public void Each_advice_has_a_sentence_of_its_own_that_says_that_nothing_was_charged_and_none_that_names_a_crime()
    {
        var advices = typeof(DeclineAdvice).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();
        var sentences = advices.Select(advice => DeclineAdvice.Text(null, advice)).ToList();

        Assert.Equal(11, sentences.Distinct().Count());
        Assert.All(sentences, sentence => Assert.Contains("Nothing was charged", sentence, StringComparison.Ordinal));
        Assert.All(sentences, sentence => Assert.DoesNotMatch("(?i)lost|stolen|fraud|suspic|risk", sentence));
    }

    /// <summary>Every response of the 2000 and 3000 classes that Braintree documents and a buyer can do something about; the rest are the shop's own faults.</summary>
    [Theory]
    [InlineData("2000", "do_not_honor", "contact_bank")]
    [InlineData("2001", "insufficient_funds", "more_funds")]
    [InlineData("2002", "card_velocity_exceeded", "contact_bank")]
    [InlineData("2003", "card_velocity_exceeded", "contact_bank")]
    [InlineData("2004", "expired_card", "renewed_card")]
    [InlineData("2005", "incorrect_number", "check_number")]
    [InlineData("2006", "invalid_expiry_year", "check_expiry")]
    [InlineData("2007", "invalid_account", "contact_bank")]
    [InlineData("2008", "incorrect_number", "check_number")]
    [InlineData("2009", "incorrect_number", "check_number")]
    [InlineData("2010", "incorrect_cvc", "check_code")]
    [InlineData("2011", "call_issuer", "contact_bank")]
    [InlineData("2012", "lost_card", "another_card")]
    [InlineData("2013", "stolen_card", "another_card")]
    [InlineData("2014", "fraudulent", "another_card")]
    [InlineData("2015", "transaction_not_allowed", "contact_bank")]
    [InlineData("2016", "duplicate_transaction", "try_again_later")]
    [InlineData("2017", "revocation_of_authorization", "contact_bank")]
    [InlineData("2018", "revocation_of_all_authorizations", "contact_bank")]
    [InlineData("2019", "transaction_not_allowed", "contact_bank")]
    [InlineData("2020", "transaction_not_allowed", "contact_bank")]
    [InlineData("2021", "security_violation", "contact_bank")]
    [InlineData("2022", "new_account_information_available", "check_details")]
    [InlineData("2023", "generic_decline", "another_card")]
    [InlineData("2024", "card_not_supported", "another_card")]
    [InlineData("2034", "no_action_taken", "contact_bank")]
    [InlineData("2038", "generic_decline", "another_card")]
    [InlineData("2041", "call_issuer", "contact_bank")]
    [InlineData("2043", "call_issuer", "contact_bank")]
    [InlineData("2044", "call_issuer", "contact_bank")]
    [InlineData("2046", "generic_decline", "another_card")]
    [InlineData("2047", "pickup_card", "another_card")]
    [InlineData("2048", "invalid_amount", "contact_bank")]
    [InlineData("2051", "incorrect_number", "check_number")]
    [InlineData("2053", "stolen_card", "another_card")]
    [InlineData("2057", "restricted_card", "contact_bank")]
    [InlineData("2059", "incorrect_address", "check_address")]
    [InlineData("2060", "incorrect_cvc", "check_code")]
    [InlineData("2064", "currency_not_supported", "another_card")]
    [InlineData("2073", "generic_decline", "another_card")]
    [InlineData("2074", "generic_decline", "another_card")]
    [InlineData("2075", "restricted_card", "contact_bank")]
    [InlineData("2076", "transaction_not_allowed", "contact_bank")]
    [InlineData("2077", "fraudulent", "another_card")]
    [InlineData("2093", "expired_card", "renewed_card")]
    [InlineData("2099", "authentication_required", "authenticate")]
    [InlineData("2101", "authentication_required", "authenticate")]
    [InlineData("2102", "incorrect_pin", "another_card")]
    [InlineData("2103", "pin_try_exceeded", "another_card")]
    [InlineData("2105", "not_permitted", "contact_bank")]
    [InlineData("2106", "not_permitted", "contact_bank")]
    [InlineData("2107", "restricted_card", "contact_bank")]
    [InlineData("2108", "invalid_account", "contact_bank")]
    [InlineData("2900", "generic_decline", "another_card")]
    [InlineData("3000", "try_again_later", "try_again_later")]
    [InlineData("3999", "try_again_later", "try_again_later")]
    public void A_processors_response_becomes_a_decline_code_and_what_the_buyer_can_do(string response, string code, string advice) =>
        Assert.Equal((code, advice), (CodeOf(response), DeclineAdvice.Of(CodeOf(response))));

    [Theory]
    [InlineData("2900", "SOFT", "try_again_later")]
    [InlineData("2900", "HARD", null)]
    [InlineData("2046", "SOFT", null)]
    [InlineData("2000", "SOFT", null)]
    [InlineData("2014", "SOFT", null)]
    [InlineData("2016", "SOFT", null)]
    [InlineData("2016", "HARD", "another_card")]
    [InlineData("2004", "HARD", null)]
    [InlineData("2001", null, null)]
    public void A_soft_decline_of_no_known_reason_may_pass_later_and_a_hard_one_never_does(string response, string? declineType, string? advice) =>
        Assert.Equal(advice, BraintreeDeclines.AdviceOf(Declined(response, declineType)));

    [Theory]
    [InlineData("APPLICATION_INCOMPLETE", "generic_decline")]
    [InlineData("AVS", "incorrect_address")]
    [InlineData("AVS_AND_CVV", "incorrect_cvc")]
    [InlineData("CVV", "incorrect_cvc")]
    [InlineData("DUPLICATE", "duplicate_transaction")]
    [InlineData("EXCESSIVE_RETRY", "card_velocity_exceeded")]
    [InlineData("FRAUD", "fraudulent")]
    [InlineData("MANUAL_TRANSACTIONS_DISABLED", "generic_decline")]
    [InlineData("PAYMENT_METHOD_BLOCKED", "fraudulent")]
    [InlineData("RISK_THRESHOLD", "fraudulent")]
    [InlineData("THREE_D_SECURE", "authentication_required")]
    [InlineData("TOKEN_ISSUANCE", "generic_decline")]
    [InlineData("TOO_MANY_CONFIRMATION_ATTEMPTS", "authentication_required")]
    [InlineData("UNION_PAY_ENROLLMENT_REQUIRED", "authentication_required")]
    [InlineData("OF_A_LATER_VERSION", "generic_decline")]
    public void A_gateways_rejection_becomes_a_decline_code(string reason, string code) =>
        Assert.Equal(code, BraintreeDeclines.CodeOf(new BraintreeEvent("GATEWAY_REJECTED", GatewayRejectionReason: reason)));

    [RecordedFact]
    public void The_published_reasons_to_reject_are_those_of_the_test_above()
    {
        var schema = File.ReadAllText(Path.Combine(Environment.GetEnvironmentVariable("CHECKOUT_CONTRACTS")!, "braintree", "schema.graphql"));
        var published = ReasonName().Matches(Reasons().Match(schema).Groups[1].Value).Select(match => match.Value);

        var tested = typeof(DeclineAdviceTests).GetMethod(nameof(A_gateways_rejection_becomes_a_decline_code))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(data => (string)data.GetData(null!).Single()[0]);
        Assert.Equal(published.Append("OF_A_LATER_VERSION").Order(), tested.Order());
    }

    [Fact]
    public void Without_a_reason_it_is_a_decline_all_the_same() => Assert.Equal(("generic_decline", "another_card"), (BraintreeDeclines.CodeOf(last: null), DeclineAdvice.Of(null)));

    /// <summary>A clear decline code stands; a vague one is made clearer by Stripe's advice, else by the network's code.</summary>
    [Theory]
    [InlineData("generic_decline", null, null, null)]
    [InlineData("generic_decline", "try_again_later", "01", "try_again_later")]
    [InlineData("generic_decline", "confirm_card_data", null, "check_details")]
    [InlineData("generic_decline", "do_not_try_again", null, null)]
    [InlineData("generic_decline", "do_not_try_again", "91", null)]
    [InlineData("generic_decline", "of_a_later_version", "51", "more_funds")]
    [InlineData("generic_decline", null, "05", null)]
    [InlineData("generic_decline", null, "14", "check_number")]
    [InlineData("generic_decline", null, "51", "more_funds")]
    [InlineData("generic_decline", null, "54", "renewed_card")]
    [InlineData("generic_decline", null, "65", "contact_bank")]
    [InlineData("generic_decline", null, "1A", "authenticate")]
    [InlineData("generic_decline", null, "91", "try_again_later")]
    [InlineData("generic_decline", null, "N7", "check_code")]
    [InlineData("generic_decline", "try_again_later", "41", null)]
    [InlineData("do_not_honor", "try_again_later", "05", "try_again_later")]
    [InlineData("do_not_honor", "try_again_later", "43", "another_card")]
    [InlineData("do_not_honor", null, null, null)]
    [InlineData(null, "try_again_later", null, "try_again_later")]
    [InlineData("insufficient_funds", "try_again_later", "51", null)]
    [InlineData("incorrect_cvc", "confirm_card_data", "82", null)]
    [InlineData("expired_card", "do_not_try_again", "54", null)]
    [InlineData("processing_error", "try_again_later", "96", null)]
    [InlineData("processing_error", "do_not_try_again", "96", "another_card")]
    [InlineData("lost_card", "try_again_later", "41", null)]
    [InlineData("fraudulent", "confirm_card_data", "59", null)]
    public void Stripes_advice_counts_where_its_code_says_little(string? declineCode, string? adviceCode, string? networkCode, string? advice) => Assert.Equal(
        advice,
        StripeAdvice.Of(new() { Type = "card_error", Code = "card_declined", DeclineCode = declineCode!, AdviceCode = adviceCode!, NetworkDeclineCode = networkCode! }));

    private static string CodeOf(string response) => BraintreeDeclines.CodeOf(Declined(response, null));

    private static BraintreeEvent Declined(string response, string? declineType) => new("PROCESSOR_DECLINED", ProcessorResponse: new(response), DeclineType: declineType);

    [GeneratedRegex(@"^enum GatewayRejectionReason \{(.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Reasons();


    [GeneratedRegex(@"(?<=^  )[A-Z_]+$", RegexOptions.Multiline)]
    private static partial Regex ReasonName();
}
