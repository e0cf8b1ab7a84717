using System.Net;
using System.Text.Json.Nodes;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Payments;

/// <summary>Stripe's answers in our words. Stripe's sentences stay out of them: they echo what was sent.</summary>
internal static class StripeAnswers
{
    public const string CheckoutId = "checkout_id";

    /// <summary>A "no" of Stripe's stays its exception. Whatever else goes wrong is a fault: the outcome is unknown.</summary>
    public static async Task<T> Of<T>(string operation, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (StripeSdk.StripeException e)
        {
            throw e.IsNo() ? e : e.ToFault(operation);
        }
        catch (Exception e) when (e is not ProviderException && !cancellation.IsCancellationRequested)
        {
            throw new ProviderException(StripeGateway.ProviderName, operation, $"no answer that can be read ({e.GetType().Name}).", e);
        }
    }

    public static ProviderException ToFault(this StripeSdk.StripeException e, string operation) => new(
        StripeGateway.ProviderName,
        operation,
        e.StripeError is { } error
            ? $"answered {(int)e.HttpStatusCode} {error.Type} {error.Code}".TrimEnd() + "."
            : $"answered {(int)e.HttpStatusCode} with a body that can't be read.");

    public static Payment ToPayment(this StripeSdk.PaymentIntent intent, string operation)
    {
        if (intent is not { Id.Length: > 0, Currency.Length: 3 } || StateOf(intent) is not { } state)
            throw new ProviderException(StripeGateway.ProviderName, operation, $"answered a payment that can't be read (status '{intent?.Status}').");

        var refunded = RefundedOf(intent);
        var isDeclined = state is PaymentState.Declined;
        return new(
            intent.Id,
            state is PaymentState.Captured && refunded > 0 && refunded == intent.AmountReceived ? PaymentState.Refunded : state,
            intent.Amount,
            intent.Currency.ToUpperInvariant(),
            intent.Metadata?.GetValueOrDefault(CheckoutId),
            intent.AmountReceived,
            refunded,
            isDeclined ? intent.LastPaymentError.ToDeclineCode() : null,
            state is PaymentState.ActionRequired ? ActionOf(intent) : null,
            isDeclined ? StripeAdvice.Of(intent.LastPaymentError) : null);
    }

    public static CreatedPayment ToRefusal(this StripeSdk.StripeException no) => new(
        no.StripeError.Param is { } param && param.StartsWith("payment_method", StringComparison.Ordinal)
            ? CreatePaymentOutcome.InvalidToken
            : CreatePaymentOutcome.Refused,
        null,
        no.StripeError.ToDeclineCode());

    public static string ToDeclineCode(this StripeSdk.StripeError error) => error.DeclineCode ?? error.Code ?? error.Type;

    /// <summary>The answer was saved for an earlier call with the same key: it tells what was then.</summary>
    public static bool IsReplay(this StripeSdk.StripeResponse? response) =>
        response is not null && response.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Contains("true");

    private static bool IsNo(this StripeSdk.StripeException e) =>
        e.HttpStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired or HttpStatusCode.NotFound
        && e.StripeError?.Type is "card_error" or "invalid_request_error";

    private static PaymentState? StateOf(StripeSdk.PaymentIntent intent) => intent.Status switch
    {
        "requires_payment_method" when intent.LastPaymentError is not null => PaymentState.Declined,
        "requires_payment_method" or "requires_confirmation" => PaymentState.Created,
        "requires_action" => PaymentState.ActionRequired,
        "processing" => PaymentState.Processing,
        "requires_capture" => PaymentState.Authorized,
        "succeeded" => PaymentState.Captured,
        "canceled" => PaymentState.Voided,
        _ => null,
    };

    // A hold that was released, wholly or after a smaller capture, counts as refunded at Stripe. The buyer never paid that part.
    private static long RefundedOf(StripeSdk.PaymentIntent intent) => intent.LatestCharge is { } charge
        ? Math.Clamp(charge.AmountRefunded - (charge.Amount - charge.AmountCaptured), 0, intent.AmountReceived)
        : 0;

    private static PaymentAction ActionOf(StripeSdk.PaymentIntent intent) => new(
        intent.NextAction?.Type is null or "redirect_to_url" or "use_stripe_sdk" ? "three_d_secure" : intent.NextAction.Type,
        intent.ClientSecret,
        intent.NextAction?.RedirectToUrl?.Url ?? ScriptUrlOf(intent.StripeResponse?.Content));

    // use_stripe_sdk is for Stripe's own script, which needs the client secret only; where it names a page, one without the script can go there.
    // Read from the text: the type of this property differs between the SDK's versions.
    private static string? ScriptUrlOf(string? content) =>
        content is not null && JsonNode.Parse(content) is JsonObject intent
        && intent["next_action"] is JsonObject action && action["use_stripe_sdk"] is JsonObject sdk && sdk["stripe_js"] is JsonValue value
        && value.TryGetValue<string>(out var url)
            ? url
            : null;
}
