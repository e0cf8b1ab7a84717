using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using LocalHost.Engine;

namespace Simulation;

/// <summary>What compensations have undone. Kept beside the shop's books, which a mistake could make forget it.</summary>
internal sealed class Undone
{
    public HashSet<string> Holds { get; } = [];

    public HashSet<string> Orders { get; } = [];

    /// <summary>After a call that took effect, whatever became of its answer.</summary>
    public void Note(string activity, string? inputJson)
    {
        if (activity == nameof(ReleaseInventory))
            Holds.Add(((ReleaseInventory)DurableJson.Deserialize(inputJson, typeof(ReleaseInventory))!).HoldKey);
        else if (activity == nameof(CancelOrder))
            Orders.Add(((CancelOrder)DurableJson.Deserialize(inputJson, typeof(CancelOrder))!).Order.OrderId);
    }
}
