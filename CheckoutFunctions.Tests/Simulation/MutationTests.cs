using Simulation;
using Xunit.Abstractions;

namespace CheckoutFunctions.Tests.Simulation;

/// <summary>The test of the tests: a simulation that no mistake can fail proves nothing.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Seeds = 300;

    public static TheoryData<Mutation> Mistakes => [.. Mutations.All];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task The_simulation_sees_it_when(Mutation mutation)
    {
        var violation = await Hunt(Mutants.Compile(mutation));
        Assert.True(violation is not null, $"No world fails although {mutation.Name}.");
        output.WriteLine(violation);
    }

    /// <summary>So that it is the mistake that fails, not the way in which it gets in.</summary>
    [Theory]
    [InlineData("Checkout/PlaceOrderSaga.cs")]
    [InlineData("Inventory/Stock.cs")]
    [InlineData("Orders/OrderBook.cs")]
    public async Task A_mutant_without_a_mistake_lives(string file)
    {
        var campaign = await Campaign.Run(1, 60, Mutants.Compile(new("no mistake is made", file)));
        Assert.Null(campaign.Violation);
    }

    /// <summary>The first broken invariant: in random worlds, then, for what is rare there, in the fault table's.</summary>
    private static async Task<string?> Hunt(Code mutant)
    {
        if ((await Campaign.Run(1, Seeds, mutant)).Violation is { } violation)
            return Broken(violation.Failure, $"seed {violation.Seed}");

        foreach (var plot in FaultTable.Rows.SelectMany(row => row.Kinds.Select(kind => new Plot(row, kind))))
        {
            try
            {
                using var world = await World.Run(1, mutant, plot);
            }
            catch (InvariantException broken)
            {
                return Broken(broken, $"{plot.Row.Name}, {plot.Kind}");
            }
        }

        return null;
    }

    private static string Broken(Exception failure, string where) => $"{where}: {Assert.IsType<InvariantException>(failure).Message}";
}
