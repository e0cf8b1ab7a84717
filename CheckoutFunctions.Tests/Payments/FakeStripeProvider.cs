using System.Text.Json.Nodes;
using CheckoutFunctions.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The gateway as the app wires it, over <see cref="FakeStripe"/> instead of the network.</summary>
internal sealed class FakeStripeProvider : PaymentProvider
{
    private readonly ManualTimeProvider time = new();
    private readonly List<ServiceProvider> apps = [];

    public FakeStripeProvider() => Stripe = new(time);

    public FakeStripe Stripe { get; }

    public override IPaymentGateway Gateway => field ??= App(Stripe, FakeStripe.ApiKey);

    public override IPaymentGateway GatewayWithWrongKey => App(Stripe, "sk_test_wrong");

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

    /// <summary>The app's own registrations over a given network.</summary>
    public IPaymentGateway App(HttpMessageHandler network, string apiKey)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Payments:Provider"] = "Stripe",
            ["Stripe:BaseUrl"] = "http://127.0.0.1:1/stripe",
            ["Stripe:ApiKey"] = apiKey,
        }).Build();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddPayments(configuration);
        services.AddHttpClient(StripeGateway.ProviderName).ConfigurePrimaryHttpMessageHandler(() => network);
        var app = services.BuildServiceProvider();
        apps.Add(app);
        return app.GetRequiredService<IPaymentGateway>();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var app in apps)
            await app.DisposeAsync();
    }
}
