using CheckoutFunctions.Tests.Sessions;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CheckoutFunctions.Tests.Database;

/// <summary>Where a test's stores are.</summary>
public enum Sql
{
    Sqlite,
    Postgres,
}

/// <summary>
/// A fact about a store, in an abstract class with one heir for each: one whose name has <c>Postgres</c> in it is skipped where there is no PostgreSQL,
/// <c>Azurite</c> where there is no Azurite.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CheckoutFunctions.Tests.Database.StoreFactDiscoverer", "CheckoutFunctions.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>As <see cref="StoreFactAttribute"/>, with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CheckoutFunctions.Tests.Database.StoreTheoryDiscoverer", "CheckoutFunctions.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

public sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Skipped(DiagnosticMessageSink, discoveryOptions, testMethod) ?? base.Discover(discoveryOptions, testMethod, factAttribute);

    internal static IEnumerable<IXunitTestCase>? Skipped(IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method) =>
        SkipOf(method.TestClass.Class.Name.Split('.')[^1]) is { } reason
            ? [new XunitSkippedDataRowTestCase(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason)]
            : null;

    private static string? SkipOf(string name) =>
        (name.Contains("Postgres", StringComparison.Ordinal) ? new PostgresFactAttribute().Skip : null)
        ?? (name.Contains("Azurite", StringComparison.Ordinal) ? new AzuriteFactAttribute().Skip : null);
}

public sealed class StoreTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        StoreFactDiscoverer.Skipped(DiagnosticMessageSink, discoveryOptions, testMethod) ?? base.Discover(discoveryOptions, testMethod, theoryAttribute);
}
