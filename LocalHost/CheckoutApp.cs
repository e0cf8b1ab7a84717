using CheckoutFunctions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost;

/// <summary>The app that this host runs: the one place where LocalHost names it.</summary>
internal static class CheckoutApp
{
    public static IEnumerable<Type> Types => typeof(CheckoutServices).Assembly.GetTypes();

    public static void AddServices(IServiceCollection services, IConfiguration settings) => services.AddCheckoutFunctions(settings);
}
