using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Reconciliation;

public static class ReconciliationServices
{
    public static IServiceCollection AddReconciliation(this IServiceCollection services) => services
        .AddSingleton<ReconciliationBook>()
        .AddSingleton<CheckoutEnding>()
        .AddSingleton<EndedCheckouts>()
        .AddSingleton<WorkingCheckouts>()
        .AddSingleton<StuckRefunds>()
        .AddSingleton<Reconciler>();
}
