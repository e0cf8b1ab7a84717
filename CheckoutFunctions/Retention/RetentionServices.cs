using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Retention;

public static class RetentionServices
{
    /// <summary><c>Retention__CheckoutDays</c>, <c>Retention__PoisonDays</c>, <c>Retention__EmailDays</c>.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(RetentionOptions.Read(configuration.GetSection("Retention")))
        .AddSingleton<CheckoutInstances>()
        .AddSingleton<OldCheckouts>()
        .AddSingleton<OldOrchestrations>()
        .AddSingleton<ErasureBook>()
        .AddSingleton<CustomerErasure>();
}
