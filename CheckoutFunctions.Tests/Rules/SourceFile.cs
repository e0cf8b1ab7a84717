using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>One C# file of the repository, for rules that read what is written rather than what it compiles to.</summary>
/// <param name="Path">From the top of the repository, with slashes.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>Without comments, strings' contents kept: a rule about code doesn't read prose.</summary>
    public string Code { get; } = Comment().Replace(Text, match => match.Value.StartsWith('"') ? match.Value : "");

    /// <summary>The folder below the project, its first part: <c>CheckoutFunctions/Orders/Order.cs</c> → Orders; "" at the project's top.</summary>
    public string Folder => Path.Split('/') is { Length: > 2 } parts ? parts[1] : "";

    public static string Root { get; } = FindRoot();

    /// <summary>The sources below a folder of the repository; generated ones aside.</summary>
    public static IReadOnlyList<SourceFile> Under(params string[] folders) =>
        [.. folders.SelectMany(folder => Directory.GetFiles(System.IO.Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, Read(path)))];

    public static string Read(string path) => File.ReadAllText(System.IO.Path.Combine(Root, path));

    /// <summary>Each place where the code matches, as <c>file:line: what is written there</c>.</summary>
    public IEnumerable<string> Find(Regex pattern) => FindIn(Code, pattern);

    /// <summary>The same in comments too.</summary>
    public IEnumerable<string> FindAnywhere(Regex pattern) => FindIn(Text, pattern);

    private IEnumerable<string> FindIn(string text, Regex pattern) => text.Split('\n')
        .Select((line, index) => (line, number: index + 1))
        .Where(row => pattern.IsMatch(row.line))
        .Select(row => $"{Path}:{row.number}: {row.line.Trim()}");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Checkout.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Checkout.sln is in no folder above the tests.");
        return folder.FullName;
    }

    /// <summary>A string, or a comment to the end of its line: in a string two slashes are no comment.</summary>
    [GeneratedRegex("""
        "(?:[^"\\\n]|\\.)*"|//[^\n]*
        """)]
    private static partial Regex Comment();
}
