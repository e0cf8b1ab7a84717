using System.Globalization;
using Simulation;
using Spectre.Console;

namespace Benchmarks.Worlds;

/// <summary>What a campaign reached. A red zero is a branch that no world took; a dash is one that can't be.</summary>
internal static class CampaignTables
{
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    public static Table Faults(Campaign campaign)
    {
        var cells = FaultTable.Cells.ToHashSet();
        return Fill("Calls of each activity under each fault", FaultTable.Rows.Select(row => row.Activity).Distinct(), (activity, kind) =>
            cells.Contains((activity, kind)) ? campaign.Faults.GetValueOrDefault((activity, kind)) : null);
    }

    public static Table Outcomes(Campaign campaign) => Fill("Checkouts that came to each outcome while living with each fault", Coverage.Outcomes, (outcome, kind) =>
        Coverage.IsPossible(outcome, kind) ? campaign.Outcomes.GetValueOrDefault((outcome, kind)) : null);

    private static Table Fill(string title, IEnumerable<string> rows, Func<string, FaultKind, int?> count)
    {
        var table = new Table().Title(title).AddColumn("");
        foreach (var kind in Kinds)
            table.AddColumn(new TableColumn(kind.ToString()).RightAligned());
        foreach (var row in rows)
            table.AddRow([row, .. Kinds.Select(kind => Cell(count(row, kind)))]);
        return table;
    }

    private static string Cell(int? count) => count switch
    {
        null => "–",
        0 => "[red]0[/]",
        { } some => some.ToString("N0", CultureInfo.InvariantCulture),
    };
}
