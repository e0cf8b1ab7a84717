using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Taxes;
using LocalHost.Engine;
using Simulation;

namespace CheckoutFunctions.Tests.GoldenHistories;

/// <summary>Takes the shortest history of each way that a checkout or a refund can go out of simulated worlds.</summary>
internal static class Recorder
{
    private const int Worlds = 600;

    public static IReadOnlyDictionary<string, Func<IReadOnlyList<HistoryEvent>, bool>> Ways { get; } = new Dictionary<string, Func<IReadOnlyList<HistoryEvent>, bool>>
    {
        ["completed"] = events => Says(events, "\"COMPLETED\"") && !events.OfType<TaskFailed>().Any(),
        ["declined-then-paid"] = events => Says(events, "card_declined") && Says(events, "\"COMPLETED\""),
        ["three-d-secure"] = events => Says(events, "\"ACTION_REQUIRED\"") && Says(events, "\"COMPLETED\""),
        ["three-d-secure-abandoned"] = events => Says(events, "authentication_expired"),
        ["out-of-stock"] = events => Says(events, "out_of_stock"),
        ["totals-changed"] = events => Says(events, "totals_changed"),
        ["step-retried"] = events => Says(events, "\"COMPLETED\"") && events.OfType<TaskFailed>().Any(),
        ["authorization-undone"] = events => Calls(events, nameof(VoidPayment)) && Says(events, "payment_unavailable") && !Calls(events, nameof(CancelOrder)),
        ["order-undone"] = events => Calls(events, nameof(CancelOrder)),
        ["needs-attention"] = events => Says(events, "\"NEEDS_ATTENTION\""),
        ["cancelled"] = events => Says(events, "\"CANCELLED\""),
        ["expired"] = events => Says(events, "\"EXPIRED\""),
        ["refunded"] = events => Calls(events, nameof(RecordTaxRefund)) && Calls(events, nameof(RestockInventory)) && !Says(events, "needs_attention"),
        ["refund-refused"] = events => Calls(events, nameof(SaveRefund)) && Says(events, "\"failed\""),
        ["refund-turned-down-later"] = events => Says(events, ":2:refund"),
    };

    public static async Task Record(string folder)
    {
        var shortest = new Dictionary<string, GoldenHistory>();
        for (var seed = 1; seed <= Worlds; seed++)
        {
            using var world = await World.Run(seed);
            foreach (var (instance, events) in world.Histories().Where(history => history.Events.OfType<ExecutionStarted>().Any()))
            {
                foreach (var way in Ways.Where(way => way.Value(events)).Select(way => way.Key))
                {
                    if (!shortest.TryGetValue(way, out var known) || events.Count < known.Events.Count)
                        shortest[way] = new(way, instance.InstanceId, instance.ExecutionId, events);
                }
            }
        }

        foreach (var history in shortest.Values)
            history.Write(folder);
        Assert.Equal(Ways.Keys.Order(StringComparer.Ordinal), shortest.Keys.Order(StringComparer.Ordinal));
    }

    private static bool Says(IReadOnlyList<HistoryEvent> events, string text) =>
        events.OfType<TaskScheduled>().Any(scheduled => scheduled.Input?.Contains(text, StringComparison.Ordinal) == true);

    private static bool Calls(IReadOnlyList<HistoryEvent> events, string activity) => events.OfType<TaskScheduled>().Any(scheduled => scheduled.Name == activity);
}
