using System.CommandLine;
using Benchmarks.Engine;

var root = new RootCommand("Measures the checkout and its host on this machine.");
root.Subcommands.Add(EngineCommand.Create());
return await root.Parse(args).InvokeAsync();
