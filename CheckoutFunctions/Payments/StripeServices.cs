using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Payments;

internal static class StripeServices
{
    /// <summary>Settings <c>Stripe__BaseUrl</c> and <c>Stripe__ApiKey</c>. The SDK's own retries are off: the orchestration owns them.</summary>
    public static IServiceCollection AddStripe(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddProviderClient(configuration, StripeGateway.ProviderName, "https://api.stripe.com", OperationOf);
        services.AddTransient<StripeSavedFaults>();
        services.AddHttpClient(StripeGateway.ProviderName).AddHttpMessageHandler<StripeSavedFaults>();
        return services.AddSingleton<IPaymentGateway>(provider =>
        {
            var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(StripeGateway.ProviderName);
            var sdk = new StripeSdk.SystemNetHttpClient(http, maxNetworkRetries: 0, enableTelemetry: false);
            return new StripeGateway(new StripeSdk.StripeClient(options.ApiKey, httpClient: sdk, apiBase: options.BaseUrl.AbsoluteUri.TrimEnd('/')), provider.GetRequiredService<TimeProvider>());
        });
    }

    internal static string OperationOf(HttpRequestMessage request) => request.RequestUri!.AbsolutePath[(request.RequestUri.AbsolutePath.LastIndexOf('/') + 1)..] switch
    {
        "confirm" => ProviderOperations.Confirm,
        "capture" => ProviderOperations.Capture,
        "cancel" => ProviderOperations.Cancel,
        "refunds" when request.Method == HttpMethod.Post => ProviderOperations.Refund,
        "payment_intents" when request.Method == HttpMethod.Get => ProviderOperations.Search,
        _ when request.Method == HttpMethod.Get => ProviderOperations.Retrieve,
        _ => ProviderOperations.Create,
    };
}
