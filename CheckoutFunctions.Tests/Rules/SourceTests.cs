using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>What no source of ours holds.</summary>
public sealed partial class SourceTests
{
    private static readonly IReadOnlyList<SourceFile> Ours = SourceFile.Under("CheckoutFunctions", "CheckoutFunctions.Tests", "LocalHost", "Sandbox", "Simulation");

    [Fact]
    public void No_source_depends_on_a_symbol_of_the_build() => Assert.Empty(Ours.Concat(SourceFile.Under("StandIns")).SelectMany(source => source.Find(Conditional())));

    [Fact]
    public void No_source_names_an_SDK_namespace_because_the_switch_does() => Assert.Empty(Ours.SelectMany(source => source.Find(SdkUsing())));

    [Fact]
    public void Nothing_is_left_to_do() => Assert.Empty(Ours.Concat(SourceFile.Under("StandIns")).SelectMany(source => source.FindAnywhere(LeftToDo())));

    /// <summary>A flow that catches everything swallows the engine's own signals and bugs alike.</summary>
    [Fact]
    public void The_flow_catches_failed_steps_and_nothing_wider() => Assert.Empty(
        SourceFile.Under("CheckoutFunctions/Checkout").Where(source => !source.Path.EndsWith("/CheckoutClient.cs", StringComparison.Ordinal)).SelectMany(source => source.Find(WideCatch())));

    /// <summary>Retries.cs has a factor by which delays grow.</summary>
    [Fact]
    public void Money_is_never_floating_point() => Assert.Empty(
        Ours.Where(source => source.Path.StartsWith("CheckoutFunctions/", StringComparison.Ordinal)
                && source.Folder is "Domain" or "Checkout" or "Orders" or "Inventory" or "Discounts" or "Payments" or "Shipping" or "Taxes" or "Sessions" or "Api"
                && !source.Path.EndsWith("/Retries.cs", StringComparison.Ordinal))
            .SelectMany(source => source.Find(FloatingPoint())));

    /// <summary>What SQLite and PostgreSQL both understand: a list goes by <c>connection.In</c>, and PostgreSQL's INTEGER has 32 bits.</summary>
    [Fact]
    public void SQL_is_said_in_words_that_both_engines_know()
    {
        Assert.Empty(SourceFile.Under("CheckoutFunctions").Where(source => !source.Path.EndsWith("/Dialect.cs", StringComparison.Ordinal)).SelectMany(source => source.Find(SqliteOnly())));
        Assert.All(
            Directory.GetFiles(Path.Combine(SourceFile.Root, "CheckoutFunctions/Database/Migrations"), "*.sql", SearchOption.AllDirectories),
            file => Assert.DoesNotMatch(SqliteOnly(), File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("SELECT 1 FROM holds WHERE sku IN @skus", nameof(SqliteOnly))]
    [InlineData("quantity INTEGER NOT NULL", nameof(SqliteOnly))]
    [InlineData("\u0023if DEBUG", nameof(Conditional))]
    [InlineData("using Microsoft.DurableTask;", nameof(SdkUsing))]
    [InlineData("global using Microsoft.Azure.Functions.Worker;", nameof(SdkUsing))]
    [InlineData("using Sdk = Stripe.Client;", nameof(SdkUsing))]
    [InlineData("// TO\u0044O: later", nameof(LeftToDo))]
    [InlineData("throw new Not\u0049mplementedException();", nameof(LeftToDo))]
    [InlineData("catch (Exception) { }", nameof(WideCatch))]
    [InlineData("catch", nameof(WideCatch))]
    [InlineData("catch (System.Exception e) when (e.Message != null)", nameof(WideCatch))]
    [InlineData("public double Total { get; }", nameof(FloatingPoint))]
    public void A_breach_is_found_with_its_place(string line, string rule)
    {
        var pattern = rule switch
        {
            nameof(Conditional) => Conditional(),
            nameof(SdkUsing) => SdkUsing(),
            nameof(LeftToDo) => LeftToDo(),
            nameof(WideCatch) => WideCatch(),
            nameof(SqliteOnly) => SqliteOnly(),
            _ => FloatingPoint(),
        };
        Assert.Equal([$"Some/File.cs:2: {line}"], new SourceFile("Some/File.cs", $"\n{line}\n").FindAnywhere(pattern));
    }

    [GeneratedRegex(@"^\s*#(if|elif|else|define)\b")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"^\s*(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?(Microsoft\.Azure\.Functions|Microsoft\.DurableTask|Stripe)\b")]
    private static partial Regex SdkUsing();

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|Not[I]mplementedException)\b")]
    private static partial Regex LeftToDo();

    [GeneratedRegex(@"\bcatch\s*($|\{|\((System\.)?Exception\b)")]
    private static partial Regex WideCatch();

    [GeneratedRegex(@"\bIN @|\bINTEGER NOT|\bINTEGER,|\bAUTOINCREMENT\b|\bGLOB\b|\bIFNULL\b|\bjson_each\b|\bstrftime\b")]
    private static partial Regex SqliteOnly();

    [GeneratedRegex(@"\b(double|float)\b")]
    private static partial Regex FloatingPoint();
}
