using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Management;

internal static class ManagementServices
{
    public static void AddManagement(this IServiceCollection services) => services
        .AddSingleton<ManagementLinks>()
        .AddSingleton<Starts>()
        .AddSingleton<Statuses>()
        .AddSingleton<Controls>()
        .AddSingleton<Purges>()
        .AddSingleton<ManagementApi>();
}
