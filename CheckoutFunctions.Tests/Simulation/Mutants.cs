using System.Reflection;
using System.Runtime.Loader;
using CheckoutFunctions.Tests.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Simulation;

namespace CheckoutFunctions.Tests.Simulation;

/// <summary>
/// Compiles a folder of the app with a mistake in it, in a namespace of its own beside the app. A world takes the orchestrator and the activities from
/// there; what they exchange is JSON, as ever. The app has no hook for this.
/// </summary>
internal static class Mutants
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    private static readonly IReadOnlyList<MetadataReference> References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToList();

    /// <summary>What the build's implicit and SDK usings bring.</summary>
    private static readonly string Usings = string.Concat(
        new[]
        {
            "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
            typeof(FunctionAttribute).Namespace!, typeof(TaskOrchestrationContext).Namespace!, typeof(DurableTaskClient).Namespace!,
        }.Distinct().Select(space => $"global using {space};\n"))
        + $"global using OrchestrationAlreadyExistsException = {typeof(OrchestrationAlreadyExistsException).FullName};";

    public static Code Compile(Mutation mutation)
    {
        var folder = $"CheckoutFunctions/{Path.GetDirectoryName(mutation.File)}";
        var trees = SourceFile.Under(folder)
            .Select(source => (source.Path, Text: source.Path == $"CheckoutFunctions/{mutation.File}" ? Mutate(source.Text, mutation) : source.Text))
            .Select(source => (source.Path, Text: source.Text.Replace($"namespace {Code.Root}", $"namespace {Code.MutantRoot}", StringComparison.Ordinal)))
            .Append((Path: "Usings.cs", Text: Usings))
            .Select(source => CSharpSyntaxTree.ParseText(source.Text, Language, source.Path));
        var compilation = CSharpCompilation.Create(
            "Mutant", trees, References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        var errors = emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(emitted.Success, $"The mutant '{mutation.Name}' doesn't compile: {string.Join("; ", errors.Take(3))}");
        image.Position = 0;
        return new Code(new AssemblyLoadContext(mutation.Name, isCollectible: true).LoadFromStream(image));
    }

    private static string Mutate(string text, Mutation mutation)
    {
        foreach (var (was, becomes) in mutation.Edits)
        {
            Assert.True(text.Split(was).Length == 2, $"The mutation '{mutation.Name}' no longer applies: {mutation.File} has not exactly one \"{was}\".");
            text = text.Replace(was, becomes, StringComparison.Ordinal);
        }

        return text;
    }
}
