using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Receipts;

public static class ReceiptServices
{
    public static IServiceCollection AddReceipts(this IServiceCollection services, IConfiguration configuration) => services
        .AddShop(configuration)
        .AddSingleton<ReceiptWriter>()
        .AddSingleton<PoisonMessages>();
}
