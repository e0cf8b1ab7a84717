using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Orders;

public sealed class OrderActivities(OrderBook orders)
{
    [Function(nameof(PlaceOrder))]
    public Task<OrderPlacement> PlaceOrder([ActivityTrigger] PlaceOrder request, CancellationToken cancellation) =>
        orders.Place(request, cancellation);

    [Function(nameof(CancelOrder))]
    public Task CancelOrder([ActivityTrigger] CancelOrder request, CancellationToken cancellation) =>
        orders.Cancel(request, cancellation);

    /// <summary>Tells the rest of the shop, once the order is paid: the returned value goes to the queue.</summary>
    [Function(nameof(PublishOrderPlaced))]
    [QueueOutput("order-placed")]
    public OrderPlaced PublishOrderPlaced([ActivityTrigger] OrderPlaced placed) => placed;
}

/// <summary>The message on the <c>order-placed</c> queue.</summary>
public sealed record OrderPlaced(string OrderId, string CheckoutId);

public static class OrderServices
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<OrderBook>()
        .AddSingleton<OrderArchive>()
        .AddSingleton<RefundBook>();
}
