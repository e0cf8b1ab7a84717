using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Payments;

/// <summary>Registers the payment gateway that <c>Payments__Provider</c> names; unset, Stripe.</summary>
public static class PaymentServices
{
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration) =>
        configuration["Payments:Provider"] switch
        {
            null or "" or StripeGateway.ProviderName => services.AddStripe(configuration),
            BraintreeGateway.ProviderName => services.AddBraintree(configuration),
            var unknown => throw new InvalidOperationException(
                $"The setting Payments__Provider names the unknown provider '{unknown}'; known: {StripeGateway.ProviderName}, {BraintreeGateway.ProviderName}."),
        };
}
