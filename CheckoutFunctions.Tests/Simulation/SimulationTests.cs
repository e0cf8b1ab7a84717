using System.Globalization;
using Simulation;
using Xunit.Abstractions;

namespace CheckoutFunctions.Tests.Simulation;

/// <summary>Thousands of worlds, each from one seed. CHECKOUT_SEED=n runs that one alone; CHECKOUT_SEEDS=n says how many.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 5000;

    [Fact]
    public async Task No_world_loses_money_stock_or_a_cart_and_every_outcome_and_every_fault_is_reached()
    {
        if (Number("CHECKOUT_SEED") is { } seed)
        {
            using var world = await World.Run(seed);
            return;
        }

        var campaign = await Campaign.Run(1, Number("CHECKOUT_SEEDS") ?? Seeds);
        if (campaign.Violation is { } violation)
        {
            throw new InvalidOperationException(
                $"Seed {violation.Seed} failed; alone: CHECKOUT_SEED={violation.Seed} dotnet test --filter FullyQualifiedName~SimulationTests. {violation.Failure.Message}",
                violation.Failure);
        }

        foreach (var outcome in campaign.Outcomes.GroupBy(cell => cell.Key.Outcome, cell => cell.Value).OrderBy(group => group.Key, StringComparer.Ordinal))
            output.WriteLine($"{outcome.Key,-28} {outcome.Sum(),8}");
        foreach (var (fault, count) in campaign.Faults.OrderBy(pair => pair.Key.Function, StringComparer.Ordinal).ThenBy(pair => pair.Key.Kind))
            output.WriteLine($"{fault.Function,-28} {fault.Kind,-18} {count,8}");
        Assert.Empty(Coverage.Missing(campaign));
        Assert.Empty(Coverage.MissingFaults(campaign));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
