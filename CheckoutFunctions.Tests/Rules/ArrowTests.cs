using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Rules;

public sealed partial class ArrowTests
{
    private static readonly IReadOnlyList<TypeUse> InTheApp = TypeUse.Between(typeof(CheckoutServices).Assembly, "CheckoutFunctions", Arrows.Allowed.Keys);

    [Fact]
    public void Folders_know_only_what_they_may() => Assert.Empty(Arrows.Violations(SourceFile.Under("CheckoutFunctions")));

    [Fact]
    public void What_the_compiler_infers_keeps_the_arrows_too() =>
        Assert.Empty(InTheApp.Where(use => !Arrows.Allowed[use.From].Contains(use.To)).Select(use => use.ToString()));

    /// <summary>Activities are named by <c>nameof</c>, which leaves nothing in the program: all else that the flow uses of a capability is data.</summary>
    [Fact]
    public void The_flow_knows_the_capabilities_records_and_not_their_workings() => Assert.Empty(
        InTheApp
            .Where(use => use is { From: "Checkout", To: not ("Domain" or "Sessions") } && !DurableRecords.IsRecord(use.Used) && !use.Used.IsEnum)
            .Select(use => use.ToString()));

    [Fact]
    public void The_app_knows_neither_its_local_host_nor_the_sandbox()
    {
        Assert.Empty(SourceFile.Under("CheckoutFunctions").SelectMany(source => source.Find(HostNamespace())));
        Assert.DoesNotMatch(@"(LocalHost|Sandbox)\.csproj", SourceFile.Read("CheckoutFunctions/CheckoutFunctions.csproj"));
        var references = typeof(CheckoutServices).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name);
        Assert.DoesNotContain(references, name => name is "LocalHost" or "Sandbox");
    }

    [Fact]
    public void The_sandbox_knows_neither_the_app_nor_its_host()
    {
        Assert.Empty(SourceFile.Under("Sandbox").SelectMany(source => source.Find(AppOrHostNamespace())));
        Assert.DoesNotContain("ProjectReference", SourceFile.Read("Sandbox/Sandbox.csproj"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_one_file_of_the_local_host_names_the_app() =>
        Assert.Equal(["LocalHost/CheckoutApp.cs"], SourceFile.Under("LocalHost").Where(source => source.Find(AppNamespace()).Any()).Select(source => source.Path));

    [Theory]
    [InlineData("Orders/Refund.cs", "using CheckoutFunctions.Payments;", "CheckoutFunctions/Orders/Refund.cs knows Payments/, which Orders/ must not.")]
    [InlineData("Domain/Cart.cs", "class Cart { Orders.Order order; }", "CheckoutFunctions/Domain/Cart.cs knows Orders/, which Domain/ must not.")]
    [InlineData("Checkout/Flow.cs", "var db = CheckoutFunctions.Database.ShopDatabase.Open();", "CheckoutFunctions/Checkout/Flow.cs knows Database/, which Checkout/ must not.")]
    [InlineData("Loyalty/Points.cs", "", "CheckoutFunctions/Loyalty/Points.cs is in Loyalty/, which has no line in Arrows.cs.")]
    public void A_wrong_arrow_is_found_and_named(string path, string code, string violation) =>
        Assert.Equal([violation], Arrows.Violations([new SourceFile($"CheckoutFunctions/{path}", code)]));

    [Theory]
    [InlineData("Orders/Order.cs", "using CheckoutFunctions.Domain; // not CheckoutFunctions.Payments")]
    [InlineData("Api/Problem.cs", "using CheckoutFunctions.Checkout;")]
    [InlineData("Payments/Gateway.cs", "namespace CheckoutFunctions.Payments; var all = session.Orders.First();")]
    public void A_right_arrow_is_let_be(string path, string code) => Assert.Empty(Arrows.Violations([new SourceFile($"CheckoutFunctions/{path}", code)]));

    [Fact]
    public void A_use_inside_a_method_is_found() =>
        Assert.Contains(TypeUse.Between(typeof(ArrowTests).Assembly, typeof(ArrowTests).Namespace!, ["", "Sample", "Other"]), use => use is { From: "Sample", To: "Other" });

    [GeneratedRegex(@"\b(LocalHost|Sandbox)\.[A-Z]|\busing (LocalHost|Sandbox)\b")]
    private static partial Regex HostNamespace();

    [GeneratedRegex(@"\b(LocalHost|CheckoutFunctions)\.[A-Z]|\busing (LocalHost|CheckoutFunctions)\b")]
    private static partial Regex AppOrHostNamespace();

    [GeneratedRegex(@"\bCheckoutFunctions(\.|;)")]
    private static partial Regex AppNamespace();
}
