using CheckoutFunctions.Database;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Refunds;
using Dapper;

namespace Simulation;

/// <summary>An operator who follows a journey: refunds its order whole, once, if that is part of it; and tries again what is parked.</summary>
internal sealed class ScriptedClerk(Random random, RefundClient desk, RefundBook refunds, ShopDatabase shop, ManualTimeProvider clock, Journey journey)
    : RefundClerk(random, desk, refunds, shop, clock)
{
    private readonly ShopDatabase books = shop;

    protected override async Task Refund(DurableTaskClient client)
    {
        if (!journey.IsRefundedLater || Requests > 0)
            return;

        Requests++;
        var order = await books.Read(connection => connection.QuerySingleAsync<string>("SELECT order_id FROM orders WHERE state = 'placed'"));
        await Desk.Request(client, new("ref_1", order, null, "damaged", [new("TEA-100", 1)], "key", "body"), CancellationToken.None);
    }
}

/// <summary>The last of whatever could be: where a script decides, the dice don't.</summary>
internal sealed class NoChance : Random
{
    public override int Next(int maxValue) => maxValue - 1;

    public override int Next(int minValue, int maxValue) => maxValue - 1;
}
