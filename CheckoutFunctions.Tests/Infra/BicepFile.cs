using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Infra;

/// <summary>
/// What the tests need to know of a Bicep file. It reads the way that the files here are written (two spaces,
/// comments on lines of their own), not the whole language: the compiler does that at deployment.
/// </summary>
internal sealed partial class BicepFile(string path)
{
    public static string Folder { get; } = FindFolder();

    public string Name { get; } = Path.GetRelativePath(Folder, path).Replace('\\', '/');

    /// <summary>Without comments.</summary>
    public string Text { get; } = Comment().Replace(File.ReadAllText(path), "");

    public static BicepFile Main { get; } = Open("main.bicep");

    public static IReadOnlyList<BicepFile> All { get; } =
        [.. Directory.GetFiles(Folder, "*.bicep*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(file => new BicepFile(file))];

    public static BicepFile Open(string name) => new(Path.Combine(Folder, name));

    public IReadOnlyList<Parameter> Parameters => [.. Param().Matches(Text).Select(m => new Parameter(m.Groups[1].Value, m.Groups[2].Success))];

    public IReadOnlyList<string> Outputs => [.. Output().Matches(Text).Select(m => m.Groups[1].Value)];

    public IReadOnlyList<Module> Modules =>
        [.. ModuleBlock().Matches(Text).Select(m => new Module(m.Groups[1].Value, m.Groups[2].Value, Keys(m.Groups[3].Value, indent: 4)))];

    public IReadOnlyList<string> Imports => [.. Import().Matches(Text).Select(m => Path.GetRelativePath(Folder, Path.Combine(Folder, Path.GetDirectoryName(Name)!, m.Groups[1].Value)).Replace('\\', '/'))];

    /// <summary>The top-level keys of <c>var name = { … }</c>.</summary>
    public IReadOnlyList<string> KeysOf(string variable)
    {
        var block = Regex.Match(Text, $@"^var {variable} = \{{\n(.*?)^\}}", RegexOptions.Multiline | RegexOptions.Singleline);
        return block.Success ? Keys(block.Groups[1].Value, indent: 2) : throw new InvalidOperationException($"{Name} has no object {variable}.");
    }

    private static IReadOnlyList<string> Keys(string block, int indent) =>
        [.. Regex.Matches(block, $@"^ {{{indent}}}(\w+):", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Checkout.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Checkout.sln is in no folder above the tests.");
        return Path.Combine(folder.FullName, "infra");
    }

    [GeneratedRegex(@"^[ ]*//.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^param (\w+) [^=\n]*(= )?", RegexOptions.Multiline)]
    private static partial Regex Param();

    [GeneratedRegex(@"^output (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"^module (\w+) '([^']+)' = \{\n  params: \{\n(.*?)^  \}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ModuleBlock();

    [GeneratedRegex(@"^import \{[^}]*\} from '([^']+)'", RegexOptions.Multiline)]
    private static partial Regex Import();
}

internal sealed record Parameter(string Name, bool HasDefault);

internal sealed record Module(string Name, string File, IReadOnlyList<string> Parameters);
