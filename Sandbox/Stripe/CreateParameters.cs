using System.Globalization;

namespace Sandbox.Stripe;

/// <summary>What <c>POST /v1/payment_intents</c> takes, and what it refuses.</summary>
internal static class CreateParameters
{
    private const long Largest = 99_999_999;

    // The least that Stripe charges, in minor units; https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
    private static readonly Dictionary<string, long> Least = new (string Currency, long Amount)[]
    {
        ("usd", 50), ("eur", 50), ("gbp", 30), ("cad", 50), ("aud", 50), ("nzd", 50), ("chf", 50), ("sgd", 50), ("brl", 50), ("inr", 50),
        ("jpy", 50), ("sek", 300), ("nok", 300), ("dkk", 250), ("pln", 200), ("czk", 1500), ("mxn", 1000), ("hkd", 400), ("zar", 1),
        ("krw", 1), ("clp", 1), ("kwd", 1), ("bhd", 1),
    }.ToDictionary(entry => entry.Currency, entry => entry.Amount, StringComparer.Ordinal);

    public static readonly string[] Known =
    [
        "amount", "currency", "payment_method", "confirm", "capture_method", "confirmation_method", "metadata", "description", "customer", "receipt_email",
        "shipping", "statement_descriptor", "statement_descriptor_suffix", "automatic_payment_methods", "payment_method_types", "return_url", "off_session",
        "setup_future_usage", "payment_method_options", "error_on_requires_action", "use_stripe_sdk", "transfer_group", "radar_options",
    ];

    public static PaymentIntent Read(StripeForm form, long now)
    {
        var amount = form.Integer("amount") ?? throw StripeRefusal.Missing("amount");
        var currency = form.Text("currency")?.ToLowerInvariant() ?? throw StripeRefusal.Missing("currency");
        if (!Least.TryGetValue(currency, out var least))
            throw StripeRefusal.Invalid(null, $"Invalid currency: {currency}. Stripe currently supports these currencies: {string.Join(", ", Least.Keys)}", "currency");
        Check(amount, least, currency);
        var id = Ids.Letters("pi_3", 23);
        return new PaymentIntent
        {
            Id = id,
            ClientSecret = Ids.Letters($"{id}_secret_", 25),
            Created = now,
            Amount = amount,
            Currency = currency,
            CaptureMethod = form.OneOf("capture_method", "automatic", "automatic_async", "manual") ?? "automatic_async",
            Metadata = form.Metadata(),
            Customer = form.Text("customer"),
            Description = form.Text("description"),
            ReceiptEmail = form.Text("receipt_email"),
            StatementDescriptorSuffix = form.Text("statement_descriptor_suffix"),
            Shipping = form.Below("shipping"),
            ReturnUrl = ReturnUrl(form),
            Automatic = Automatic(form),
        };
    }

    private static void Check(long amount, long least, string currency)
    {
        if (amount < 1)
            throw StripeRefusal.Invalid("parameter_invalid_integer", "The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).", "amount");
        if (amount < least)
            throw StripeRefusal.Invalid("amount_too_small", $"Amount must be at least {Major(least, currency)}", "amount");
        if (amount > Largest)
            throw StripeRefusal.Invalid("amount_too_large", $"Amount must be no more than {Major(Largest, currency)}", "amount");
    }

    private static string Major(long amount, string currency) => currency is "jpy" or "krw" or "clp"
        ? $"{amount} {currency}"
        : $"{(amount / 100m).ToString("0.00", CultureInfo.InvariantCulture)} {currency}";

    private static string? ReturnUrl(StripeForm form)
    {
        if (form.Text("return_url") is not { } url)
            return null;
        if (form.Boolean("confirm") is not true)
            throw StripeRefusal.Invalid(null, "This PaymentIntent is not being confirmed: `return_url` can only be provided when `confirm=true`.", "return_url");
        return Uri.TryCreate(url, UriKind.Absolute, out _) ? url : throw StripeRefusal.Invalid("url_invalid", "Not a valid URL", "return_url");
    }

    // Since this version, an intent that names no payment method types takes those of the dashboard.
    private static AutomaticMethods? Automatic(StripeForm form)
    {
        if (form.Has("automatic_payment_methods"))
        {
            form.AllowOnlyBelow("automatic_payment_methods", "enabled", "allow_redirects");
            var enabled = form.Boolean("automatic_payment_methods[enabled]") ?? throw StripeRefusal.Missing("automatic_payment_methods[enabled]");
            return new(enabled, form.OneOf("automatic_payment_methods[allow_redirects]", "always", "never") ?? "always");
        }

        return !form.Has("payment_method_types") && string.CompareOrdinal(form.ApiVersion, "2023-08-16") >= 0 ? new(true, "always") : null;
    }
}
