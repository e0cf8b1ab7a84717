using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Reminders;

public static class ReminderServices
{
    /// <summary><c>Reminders__After</c>, <c>Shop__CheckoutUrl</c>.</summary>
    public static IServiceCollection AddReminders(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(ReminderOptions.Read(configuration));
}
