using System.Text.Json;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using FsCheck;
using FsCheck.Fluent;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>Whoever can raise an event at a checkout, the management API included, must not be able to break it.</summary>
public sealed class CheckoutCommandTests
{
    private static readonly CheckoutCommand[] OfEachKind =
    [
        Command(CommandKind.SetCustomer) with { Customer = new Customer("ada@example.com") },
        Command(CommandKind.SetDiscounts) with { DiscountCodes = ["WELCOME10"] },
        Command(CommandKind.SetShippingAddress) with { ShippingAddress = new Address(null, "1 Main St", null, null, null, null, "US") },
        Command(CommandKind.SetShippingMethod) with { ShippingMethod = "FedEx_Ground" },
        Command(CommandKind.Complete) with { PaymentToken = "pm_card_visa", AgreedTotal = 4100 },
        Command(CommandKind.ConfirmPayment),
        Command(CommandKind.Cancel),
        Command(CommandKind.Retry),
        Command(CommandKind.PaymentChanged) with { PaymentId = "pi_1" },
    ];

    public static TheoryData<CheckoutCommand> Whole => [.. OfEachKind];

    [Theory]
    [MemberData(nameof(Whole))]
    public void A_whole_command_is_read_as_it_was_sent(CheckoutCommand command)
    {
        var json = DurableJson.Serialize(command);

        Assert.Equal(json, DurableJson.Serialize(CheckoutCommand.TryRead(Parse(json))));
    }

    [Fact]
    public void Every_kind_is_among_them() =>
        Assert.Equal(Enum.GetValues<CommandKind>(), OfEachKind.Select(command => command.Kind));

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"Cancel\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Kind":"Cancel"}""")]
    [InlineData("""{"Kind":"Cancel","Key":null,"RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"Cancel","Key":"k","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"Cancel","Key":{},"RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"GiveAway","Key":"k","RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":99,"Key":"k","RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":null,"Key":"k","RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"SetCustomer","Key":"k","RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"SetCustomer","Key":"k","RequestId":"r","RequestHash":"h","Customer":{}}""")]
    [InlineData("""{"Kind":"SetDiscounts","Key":"k","RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"SetDiscounts","Key":"k","RequestId":"r","RequestHash":"h","DiscountCodes":[null]}""")]
    [InlineData("""{"Kind":"SetDiscounts","Key":"k","RequestId":"r","RequestHash":"h","DiscountCodes":"WELCOME10"}""")]
    [InlineData("""{"Kind":"SetShippingAddress","Key":"k","RequestId":"r","RequestHash":"h","ShippingAddress":{"Line1":"1 Main St"}}""")]
    [InlineData("""{"Kind":"SetShippingMethod","Key":"k","RequestId":"r","RequestHash":"h","ShippingMethod":null}""")]
    [InlineData("""{"Kind":"Complete","Key":"k","RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"PaymentChanged","Key":"k","RequestId":"r","RequestHash":"h"}""")]
    [InlineData("""{"Kind":"Complete","Key":"k","RequestId":"r","RequestHash":"h","PaymentToken":"pm","AgreedTotal":1.5}""")]
    [InlineData("""{"Kind":"Complete","Key":"k","RequestId":"r","RequestHash":"h","PaymentToken":"\ud800"}""")]
    public void What_is_not_a_whole_command_is_none(string json) => Assert.Null(CheckoutCommand.TryRead(Parse(json)));

    /// <summary>An event raised with no payload at all.</summary>
    [Fact]
    public void Nothing_is_no_command() => Assert.Null(CheckoutCommand.TryRead(DurableJson.Deserialize<JsonElement>("null")));

    [Fact]
    public void Whatever_is_raised_is_a_command_or_none_and_never_an_exception() => Prop.ForAll(
        Events.ToArbitrary(),
        json => CheckoutCommand.TryRead(Parse(json)) is not { } command || (command.Key is not null && Enum.IsDefined(command.Kind)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>Commands' members, each with a right value, any other, or none.</summary>
    private static Gen<string> Events =>
        from members in Gen.CollectToArray(
            ["Kind", "Key", "RequestId", "RequestHash", "KeyIsDerived", "Customer", "DiscountCodes", "ShippingAddress", "ShippingMethod", "PaymentToken", "AgreedTotal", "PaymentId", "Other"],
            Member)
        select $"{{{string.Join(',', members.Where(member => member.Length > 0))}}}";

    private static Gen<string> Member(string name) =>
        from value in Gen.Frequency((6, Right(name)), (2, Any(2)), (1, Gen.Constant("")))
        select value.Length == 0 ? "" : $"{JsonSerializer.Serialize(name)}:{value}";

    private static Gen<string> Right(string name) => name switch
    {
        "Kind" => Gen.Elements(Enum.GetNames<CommandKind>()).Select(kind => $"\"{kind}\""),
        "KeyIsDerived" => Gen.Elements("true", "false"),
        "Customer" => Gen.Constant("""{"Email":"ada@example.com","AccountId":null}"""),
        "DiscountCodes" => Gen.Constant("""["WELCOME10"]"""),
        "ShippingAddress" => Gen.Constant("""{"Line1":"1 Main St","Country":"US"}"""),
        "AgreedTotal" => Gen.Elements("4100", "null"),
        _ => Gen.Constant("\"text\""),
    };

    private static Gen<string> Any(int depth) => depth == 0
        ? Gen.Elements("null", "true", "0", "-1", "1e99", "99999999999999999999", "2.5", "\"\"", "\"Cancel\"", "\"\\ud800\"", "\"\\u0000\"", "\"茶\"")
        : Gen.OneOf(
            Any(0),
            Any(depth - 1).ArrayOf().Select(values => $"[{string.Join(',', values.Take(4))}]"),
            from name in Gen.Elements("Email", "Line1", "Country", "$type", "", "\\ud800")
            from value in Any(depth - 1)
            select $"{{\"{name}\":{value}}}");

    private static CheckoutCommand Command(CommandKind kind) => new(kind, "key", "request", "hash", KeyIsDerived: true);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
