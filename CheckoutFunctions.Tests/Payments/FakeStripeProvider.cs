using System.Text.Json.Nodes;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The gateway as the app wires it, over <see cref="FakeStripe"/> instead of the network.</summary>
internal sealed class FakeStripeProvider : PaymentProvider
{
    private readonly ManualTimeProvider time = new();
    private readonly StripeApps apps;

    public FakeStripeProvider() => (Stripe, apps) = (new(time), new(time));

    public FakeStripe Stripe { get; }

    public override IPaymentGateway Gateway => field ??= App(Stripe, FakeStripe.ApiKey);

    public override string GoodToken => "pm_card_visa";

    public override string ActionToken => "pm_card_authenticationRequired";

    public override string UnknownToken => "tok_unknown";

    public override string DeclinedToken(string declineCode) => $"pm_card_declined_{declineCode}";

    public override Task Fail(string operation, Fault fault)
    {
        Stripe.Fail(operation, fault);
        return Task.CompletedTask;
    }

    public override Task FinishAction(string paymentId, bool passed)
    {
        var intent = Stripe[paymentId];
        if (passed)
        {
            StripeIntents.Hold(intent);
        }
        else
        {
            intent["status"] = "requires_payment_method";
            intent["next_action"] = null;
            intent["last_payment_error"] = new JsonObject { ["type"] = "invalid_request_error", ["code"] = "payment_intent_authentication_failure" };
        }

        return Task.CompletedTask;
    }

    public override Task RefundByHand(string paymentId, long amount)
    {
        Stripe.RefundByHand(paymentId, amount);
        return Task.CompletedTask;
    }

    public override DateTimeOffset Now => time.GetUtcNow();

    public override void Pass(TimeSpan span) => time.Advance(span);

    public IPaymentGateway App(HttpMessageHandler network, string apiKey) => apps.Start(network, "http://127.0.0.1:1/stripe", apiKey);

    public override ValueTask DisposeAsync() => apps.DisposeAsync();
}
