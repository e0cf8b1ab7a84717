using CheckoutFunctions.Sessions;
using Simulation;

namespace CheckoutFunctions.Tests.Simulation;

/// <summary>The table of activities and faults, cell by cell: one buyer, one fault, and the result that is right.</summary>
public sealed class FaultTableTests
{
    private const int SeedsPerCell = 4;

    public static TheoryData<string> Functions => [.. FaultTable.Rows.Select(row => row.Name)];

    [Fact]
    public void Every_activity_and_every_orchestrator_has_its_row() => Assert.Equal(
        SimulatedFunctions.ActivityNames.Concat(SimulatedFunctions.OrchestratorNames).Order(StringComparer.Ordinal),
        FaultTable.Rows.Where(row => row.Case is null).Select(row => row.Activity).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Every_fault_of_a_function_ends_as_the_table_says(string function)
    {
        var row = FaultTable.Rows.Single(row => row.Name == function);
        foreach (var kind in row.Kinds)
        {
            for (var seed = 1; seed <= SeedsPerCell; seed++)
                await Check(new Plot(row, kind), seed);
        }
    }

    private static async Task Check(Plot plot, int seed)
    {
        var (row, kind) = plot;
        var cell = $"{row.Name}, {kind}, seed {seed}";
        using var world = await World.Run(seed, plot: plot);
        Assert.True(world.Faults.Reached.ContainsKey((row.Activity, kind)) || kind == FaultKind.None, $"{cell}: the fault never struck.");
        if (kind == FaultKind.Late && Faults.Undoable.Contains(row.Activity))
            Assert.True(world.Faults.AfterTheirUndo.Count > 0, $"{cell}: it took effect before its undo.");

        var refusals = world.Answers.Select(answer => answer.Code).Where(code => code is not (AnswerCode.Ok or AnswerCode.ActionRequired)).Distinct().ToList();
        var outcomes = world.Outcomes.Select(outcome => outcome.Outcome).ToHashSet();
        Assert.True(
            row.RightsUnder(kind).Any(right =>
                outcomes.Contains(right.End.ToString()) && refusals.SequenceEqual(right.Refusals) && (right.Outcome is null || outcomes.Contains(right.Outcome))),
            $"{cell}: the buyer was refused [{string.Join(", ", refusals)}]; it came to {string.Join(", ", outcomes)}.");
    }
}
