using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CheckoutFunctions.Checkout;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>Clock, ids and chance come in through a door: the analyzer that says so is on, and orchestrations take none but the context's.</summary>
public sealed partial class ClockTests
{
    private static readonly string[] Banned =
    [
        "P:System.DateTime.UtcNow", "P:System.DateTime.Now", "P:System.DateTime.Today", "P:System.DateTimeOffset.UtcNow", "P:System.DateTimeOffset.Now",
        "M:System.Guid.NewGuid", "M:System.Guid.CreateVersion7", "P:System.Random.Shared", "M:System.Random.#ctor",
    ];

    [Theory]
    [InlineData("CheckoutFunctions/CheckoutFunctions.csproj")]
    [InlineData("LocalHost/LocalHost.csproj")]
    [InlineData("Sandbox/Sandbox.csproj")]
    public void The_analyzer_of_banned_symbols_is_on(string project) =>
        Assert.Contains("<BansAmbientState>true</BansAmbientState>", SourceFile.Read(project), StringComparison.Ordinal);

    [Fact]
    public void It_reads_the_list_and_its_findings_are_errors()
    {
        var targets = SourceFile.Read("Directory.Build.targets");
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", targets, StringComparison.Ordinal);
        Assert.Contains("<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.txt\" />", targets, StringComparison.Ordinal);
        Assert.Matches("<TreatWarningsAsErrors[^>]*>true<", SourceFile.Read("Directory.Build.props"));
        Assert.Superset(Banned.ToHashSet(), SourceFile.Read("BannedSymbols.txt").Split('\n').Select(line => line.Split(';')[0]).ToHashSet());
    }

    [Fact]
    public void Nobody_turns_it_off()
    {
        var settings = new[] { "*.csproj", "*.props", "*.targets", ".editorconfig", "*.globalconfig", "*.ruleset" }
            .SelectMany(pattern => Directory.GetFiles(SourceFile.Root, pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var said = settings.SelectMany(file => File.ReadLines(file).Where(line => line.Contains("RS0030", StringComparison.Ordinal)).Select(line => line.Trim()));
        Assert.Equal(["dotnet_diagnostic.RS0030.severity = error"], said);
        Assert.Empty(SourceFile.Under("CheckoutFunctions", "LocalHost", "Sandbox").SelectMany(source => source.FindAnywhere(Silenced())));
    }

    [Fact]
    public void Orchestrations_take_nothing_that_a_replay_would_not_see_again() => Assert.Empty(Orchestration.SelectMany(source => source.Find(Unrepeatable())));

    [Fact]
    public void Orchestrations_keep_nothing_between_replays() => Assert.Empty(
        typeof(CheckoutFlow).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(CheckoutFlow).Namespace && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false })
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}"));

    [Theory]
    [InlineData("await Task.Delay(1000);")]
    [InlineData("await Task.Run(() => 1);")]
    [InlineData("await step.ConfigureAwait(false);")]
    [InlineData("await cancellation.CancelAsync();")]
    [InlineData("var id = Secrets.NewId(\"ord_\");")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("var at = clock.GetUtcNow();")]
    [InlineData("class Flow(TimeProvider clock)")]
    [InlineData("var chance = RandomNumberGenerator.GetInt32(5);")]
    [InlineData("var region = Environment.GetEnvironmentVariable(\"REGION\");")]
    [InlineData("lock (gate)")]
    public void What_a_replay_would_not_see_again_is_found(string line) => Assert.Single(new SourceFile("CheckoutFunctions/Checkout/Flow.cs", line).Find(Unrepeatable()));

    [Theory]
    [InlineData("var id = context.NewGuid();")]
    [InlineData("await Task.WhenAll(reserving, creating);")]
    [InlineData("cancellation.Cancel(); // not CancelAsync")]
    public void What_it_would_is_let_be(string line) => Assert.Empty(new SourceFile("CheckoutFunctions/Checkout/Flow.cs", line).Find(Unrepeatable()));

    /// <summary>All of Checkout/ runs inside orchestrations, but the client's side and the registration.</summary>
    private static IEnumerable<SourceFile> Orchestration =>
        SourceFile.Under("CheckoutFunctions/Checkout").Where(source => Path.GetFileName(source.Path) is not ("CheckoutClient.cs" or "CheckoutServices.cs"));

    [GeneratedRegex(@"\bTask\.(Delay|Run|Yield|Factory)\b|\bConfigureAwait\b|\bCancelAsync\b|\bTimeProvider\b|\bGetUtcNow\b|\bRandom|\bGuid\.|\bSecrets\.New|\bEnvironment\b|\bStopwatch\b|\bThread\b|\block\b|\bSemaphoreSlim\b|\bIConfiguration\b|\bHttpClient\b|\bDateTime(Offset)?\.(Utc)?Now\b")]
    private static partial Regex Unrepeatable();

    [GeneratedRegex(@"RS0030|SuppressMessage")]
    private static partial Regex Silenced();
}
