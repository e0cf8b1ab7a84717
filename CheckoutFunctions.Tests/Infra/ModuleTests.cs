using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Infra;

/// <summary>What the Bicep compiler would refuse, for machines that have none.</summary>
public sealed class ModuleTests
{
    [Fact]
    public void Every_file_that_is_named_exists_and_none_is_left_over()
    {
        var named = BicepFile.Main.Modules.Select(module => module.File).Concat(BicepFile.All.SelectMany(file => file.Imports)).Distinct();
        var modules = BicepFile.All.Select(file => file.Name).Where(name => name.StartsWith("modules/", StringComparison.Ordinal));

        Assert.Equal(modules.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.Equal(Regex.Count(BicepFile.Main.Text, @"^module ", RegexOptions.Multiline), BicepFile.Main.Modules.Count);
    }

    [Fact]
    public void Every_module_gets_the_parameters_that_it_asks_for_and_no_other()
    {
        foreach (var module in BicepFile.Main.Modules)
        {
            var asked = BicepFile.Open(module.File).Parameters;
            Assert.Empty(module.Parameters.Except(asked.Select(parameter => parameter.Name)));
            Assert.Empty(asked.Where(parameter => !parameter.HasDefault).Select(parameter => parameter.Name).Except(module.Parameters));
        }
    }

    [Fact]
    public void Every_output_that_is_read_is_declared_and_every_declared_one_is_read()
    {
        var read = Regex.Matches(BicepFile.Main.Text, @"\b(\w+)\.outputs\.(\w+)").Select(m => $"{m.Groups[1]}.{m.Groups[2]}").Distinct();
        var declared = BicepFile.Main.Modules.SelectMany(module => BicepFile.Open(module.File).Outputs.Select(output => $"{module.Name}.{output}"));

        Assert.Equal(declared.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_parameter_and_variable_is_used()
    {
        foreach (var file in BicepFile.All.Where(file => file.Name.EndsWith(".bicep", StringComparison.Ordinal)))
        {
            var exported = Regex.Matches(file.Text, @"^@export\(\)\nvar (\w+)", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
            var names = Regex.Matches(file.Text, @"^(?:param|var) (\w+) ", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
            Assert.All(names.Except(exported), name => Assert.True(Regex.Count(file.Text, $@"\b{name}\b(?!:)") > 1, $"{file.Name} never uses {name}."));
        }
    }

    [Fact]
    public void Every_resource_uses_a_released_api()
    {
        var versions = BicepFile.All.SelectMany(file => Regex.Matches(file.Text, @"'(Microsoft\.[\w./]+)@([^']+)'").Select(m => (Resource: m.Groups[1].Value, Version: m.Groups[2].Value))).ToList();

        Assert.NotEmpty(versions);
        Assert.All(versions, used => Assert.Matches(@"^\d{4}-\d{2}-\d{2}$", used.Version));
        Assert.All(versions.GroupBy(used => used.Resource), resource => Assert.Single(resource.Select(used => used.Version).Distinct()));
    }

    [Fact]
    public void The_example_sets_only_what_main_takes()
    {
        var example = BicepFile.Open("main.bicepparam").Text;
        var set = Regex.Matches(example, @"^param (\w+) = ", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToList();

        Assert.NotEmpty(set);
        Assert.Empty(set.Except(BicepFile.Main.Parameters.Select(parameter => parameter.Name)));
        Assert.Empty(BicepFile.Main.Parameters.Where(parameter => !parameter.HasDefault).Select(parameter => parameter.Name).Except(set));
    }
}
