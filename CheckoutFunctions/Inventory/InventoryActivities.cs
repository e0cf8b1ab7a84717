using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Inventory;

public sealed class InventoryActivities(Stock stock)
{
    [Function(nameof(ReserveInventory))]
    public Task<Reservation> ReserveInventory([ActivityTrigger] ReserveInventory request, CancellationToken cancellation) =>
        stock.Reserve(request, cancellation);

    [Function(nameof(ExtendHold))]
    public Task<Reservation> ExtendHold([ActivityTrigger] ExtendHold request, CancellationToken cancellation) =>
        stock.Extend(request, cancellation);

    [Function(nameof(ReleaseInventory))]
    public Task ReleaseInventory([ActivityTrigger] ReleaseInventory request, CancellationToken cancellation) =>
        stock.Release(request, cancellation);

    [Function(nameof(RestockInventory))]
    public Task RestockInventory([ActivityTrigger] RestockInventory request, CancellationToken cancellation) =>
        stock.Restock(request, cancellation);
}

public static class InventoryServices
{
    /// <summary>Call it after <c>AddShopDatabase</c>: the demo catalog goes into a database that has its schema.</summary>
    public static IServiceCollection AddInventory(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.GetValue<bool>("Shop:DemoCatalog"))
            services.AddHostedService<DemoCatalogSetup>();
        return services
            .AddSingleton<Catalog>()
            .AddSingleton<Stock>();
    }
}
