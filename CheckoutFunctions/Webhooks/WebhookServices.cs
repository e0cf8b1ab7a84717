using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Webhooks;

public static class WebhookServices
{
    /// <summary>
    /// <c>Stripe__WebhookSecret</c>: the endpoint's secret as Stripe shows it; several, with commas between, while one is exchanged. Braintree signs with
    /// the keys that it is called with.
    /// </summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        var secrets = Secrets(configuration["Stripe:WebhookSecret"]);
        var keys = BraintreeServices.Keys(configuration);
        return services
            .AddSingleton<PaymentInbox>()
            .AddSingleton<PaymentEventDelivery>()
            .AddSingleton(provider => new StripeSignature(secrets, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(new BraintreeSignature(keys.Public, keys.Private));
    }

    private static string[] Secrets(string? setting)
    {
        VaultReference.RefuseUnresolved("Stripe__WebhookSecret", setting);
        return setting?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    }
}
