using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Inventory;

public sealed class InventoryActivities(Stock stock)
{
    [Function(nameof(ReserveInventory))]
    public Task<Reservation> ReserveInventory([ActivityTrigger] ReserveInventory request, CancellationToken cancellation) =>
        stock.Reserve(request, cancellation);

    [Function(nameof(ReleaseInventory))]
    public Task ReleaseInventory([ActivityTrigger] ReleaseInventory request, CancellationToken cancellation) =>
        stock.Release(request, cancellation);
}

public static class InventoryServices
{
    public static IServiceCollection AddInventory(this IServiceCollection services) => services
        .AddSingleton<Catalog>()
        .AddSingleton<Stock>();
}
