using Xunit.Abstractions;
using Xunit.Sdk;

namespace CheckoutFunctions.Tests.Database;

/// <summary>Where a test's stores are.</summary>
public enum Sql
{
    Sqlite,
    Postgres,
}

/// <summary>A fact about a store, in an abstract class with one heir for each engine: the one named <c>Postgres…</c> is skipped where there is no PostgreSQL.</summary>
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
        new PostgresFactAttribute().Skip is { } reason && method.TestClass.Class.Name.Contains($".{nameof(Sql.Postgres)}", StringComparison.Ordinal)
            ? [new XunitSkippedDataRowTestCase(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, reason)]
            : null;
}

public sealed class StoreTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        StoreFactDiscoverer.Skipped(DiagnosticMessageSink, discoveryOptions, testMethod) ?? base.Discover(discoveryOptions, testMethod, theoryAttribute);
}
