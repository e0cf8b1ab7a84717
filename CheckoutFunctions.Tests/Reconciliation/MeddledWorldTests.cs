using System.Collections.Concurrent;
using System.Globalization;
using Simulation;

namespace CheckoutFunctions.Tests.Reconciliation;

/// <summary>Worlds in which somebody ends orchestrations in the middle of their work: once reconciliation has looked, everything holds that holds elsewhere.</summary>
public sealed class MeddledWorldTests
{
    private const int Seeds = 150;

    [Fact]
    public async Task Whatever_is_ended_in_the_middle_loses_no_money_and_no_stock_and_every_healing_is_reached()
    {
        var reached = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(Enumerable.Range(1, Number("CHECKOUT_SEEDS") ?? Seeds), async (seed, _) =>
        {
            try
            {
                using var world = await World.Run(seed, meddled: true);
                foreach (var (_, outcome) in world.Outcomes.Where(pair => pair.Outcome.StartsWith("Healed: ", StringComparison.Ordinal)))
                    reached.AddOrUpdate(outcome, 1, (_, count) => count + 1);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"World {seed}: {failure.Message}", failure);
            }
        });

        Assert.All(
            new[]
            {
                "void the payment", "capture the payment", "cancel the order and release its stock", "release the hold",
                "show it as CANCELLED", "show it as COMPLETED, record its tax and publish its order",
            },
            deed => Assert.True(reached.ContainsKey($"Healed: {deed}"), $"'{deed}' was never done: {string.Join(", ", reached)}"));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
