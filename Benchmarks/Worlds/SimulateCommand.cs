using System.CommandLine;
using Simulation;
using Spectre.Console;

namespace Benchmarks.Worlds;

/// <summary><c>simulate</c>: a long campaign of the worlds that the tests run thousands of.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many worlds.", DefaultValueFactory = _ => 10_000 };
        var first = new Option<int>("--first") { Description = "The first world's seed.", DefaultValueFactory = _ => 1 };
        var command = new Command("simulate", "Thousands of worlds full of faults: no invariant may break, and every outcome must be reached under every fault.") { seeds, first };
        foreach (var option in new[] { seeds, first })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{option.Name} must be at least 1.");
            });
        }

        command.SetAction((arguments, cancellation) => Run(arguments.GetValue(first), arguments.GetValue(seeds), cancellation));
        return command;
    }

    private static async Task<int> Run(int first, int seeds, CancellationToken cancellation)
    {
        // Into a file or a pipe: wide enough for the tables.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 180;
        var campaign = await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask("Worlds", maxValue: seeds);
                return await Campaign.Run(first, seeds, progress: campaign => bar.Value = campaign.Done, cancellation: cancellation);
            });

        AnsiConsole.Write(CampaignTables.Faults(campaign));
        AnsiConsole.Write(CampaignTables.Outcomes(campaign));
        AnsiConsole.MarkupLineInterpolated($"{campaign.Done:N0} worlds came to rest.");
        return Conclude(campaign, seeds);
    }

    private static int Conclude(Campaign campaign, int seeds)
    {
        if (campaign.Violation is { } violation)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]Seed {violation.Seed}: {violation.Failure.Message}[/]");
            AnsiConsole.MarkupLineInterpolated($"Alone: dotnet run -c Release --project Benchmarks -- simulate --first {violation.Seed} --seeds 1");
            AnsiConsole.MarkupLineInterpolated($"In a debugger: CHECKOUT_SEED={violation.Seed} dotnet test --filter FullyQualifiedName~SimulationTests");
            return 1;
        }

        if (campaign.Done < seeds)
        {
            AnsiConsole.MarkupLine("[yellow]Interrupted.[/]");
            return 1;
        }

        AnsiConsole.MarkupLine("[green]No violation.[/]");
        return 0;
    }
}
