using System.Reflection;
using System.Text.RegularExpressions;
using CheckoutFunctions.Tests.Rules;

namespace CheckoutFunctions.Tests.Fidelity;

/// <summary>LocalHost/FIDELITY.md promises nothing that no test holds, and no test holds a line that isn't there.</summary>
public sealed partial class FidelityTests
{
    private static readonly string Document = SourceFile.Read("LocalHost/FIDELITY.md");

    [Fact]
    public void Each_line_of_the_document_has_a_test()
    {
        var tested = Tested();

        Assert.Empty(Lines().Except(tested));
    }

    [Fact]
    public void Each_test_of_a_behaviour_has_its_line_in_the_document() => Assert.Empty(Tested().Except(Lines()));

    [Fact]
    public void Each_number_stands_under_its_section_and_once()
    {
        var misplaced = new List<string>();
        var section = string.Empty;
        foreach (var line in Document.Split('\n'))
        {
            if (Section().Match(line) is { Success: true } heading)
                section = heading.Groups[1].Value;
            else if (Item().Match(line) is { Success: true } item && item.Groups[1].Value.Split('.')[0] != section)
                misplaced.Add(item.Groups[1].Value);
        }

        Assert.Empty(misplaced);
        Assert.Distinct(Lines());
    }

    private static List<string> Lines() => [.. Item().Matches(Document).Select(match => match.Groups[1].Value)];

    private static HashSet<string> Tested() =>
        [.. typeof(FidelityTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FactAttribute)))
            .SelectMany(method => method.GetCustomAttribute<BehaviourAttribute>()?.Numbers ?? [])];

    [GeneratedRegex(@"^\* (\d+\.\d+) ", RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex(@"^## (\d+) ")]
    private static partial Regex Section();
}
