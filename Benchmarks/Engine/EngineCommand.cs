using System.CommandLine;
using Benchmarks.Report;
using Spectre.Console;

namespace Benchmarks.Engine;

/// <summary><c>engine</c>: what the embedded engine does in a second and in a megabyte.</summary>
internal static class EngineCommand
{
    private static readonly (string Name, Func<Scale, Workspace, Action<string>, Task<Part>> Measure)[] Parts =
    [
        ("turns", Turns.Measure),
        ("latency", Latency.Measure),
        ("history", Histories.Measure),
        ("memory", Memory.Measure),
        ("finished", Finished.Measure),
        ("queries", Queries.Measure),
    ];

    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "Small counts: under a minute, figures that only show that it works." };
        var only = new Option<string[]>("--only")
        {
            Description = $"Some parts, comma-separated: {string.Join(", ", Parts.Select(part => part.Name))}.",
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries))],
        };
        var folder = new Option<string>("--folder")
        {
            Description = "Where the databases go while it runs: the disk that is measured. Takes up to 3 GB.",
            DefaultValueFactory = _ => ".benchmarks",
        };
        var write = new Option<bool>("--write") { Description = "Write README.md and engine.svg also after --quick; a run with --only never does." };
        var command = new Command("engine", "Throughput, latency, replay, memory and queries of the engine, as ratios within this run.") { quick, only, folder, write };
        command.Validators.Add(result =>
        {
            if (result.GetValue(only)?.Except(Parts.Select(part => part.Name)).FirstOrDefault() is { } unknown)
                result.AddError($"There is no part '{unknown}'.");
        });
        command.SetAction(async (arguments, _) =>
        {
            var names = arguments.GetValue(only) is { Length: > 0 } some ? some : null;
            var isQuick = arguments.GetValue(quick);
            var measured = await Measure(isQuick ? Scale.Quick : Scale.Full, names, arguments.GetValue(folder)!);
            if (names is null && (!isQuick || arguments.GetValue(write)))
                Document.Write(measured, isQuick);
        });
        return command;
    }

    private static async Task<List<Part>> Measure(Scale scale, string[]? only, string folder)
    {
        using var files = new Workspace(folder);
        // Into a file or a pipe: wide enough for the tables.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 140;
        var measured = new List<Part>();
        await AnsiConsole.Status().StartAsync("…", async status =>
        {
            foreach (var (name, measure) in Parts.Where(part => only?.Contains(part.Name) ?? true))
            {
                var part = await measure(scale, files, text => status.Status($"{name}: {text}"));
                AnsiConsole.Write(Tables.Of(part));
                measured.Add(part);
            }
        });
        return measured;
    }
}
