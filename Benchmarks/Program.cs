using System.CommandLine;
using Benchmarks.Engine;
using Benchmarks.Worlds;

var root = new RootCommand("Measures the checkout and its host on this machine.");
root.Subcommands.Add(EngineCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
return await root.Parse(args).InvokeAsync();
