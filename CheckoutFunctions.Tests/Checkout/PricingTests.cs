using CheckoutFunctions.Checkout;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using FsCheck;
using FsCheck.Fluent;

namespace CheckoutFunctions.Tests.Checkout;

public sealed class PricingTests
{
    private static readonly Address Home = new("Ada", "1 Main St", null, "Beverly Hills", "CA", "90210", "US");

    [Theory]
    [InlineData(1000, 2505, 251)]
    [InlineData(1000, 2504, 250)]
    [InlineData(3333, 1, 0)]
    [InlineData(5000, 1, 1)]
    [InlineData(10000, 2505, 2505)]
    public void A_percentage_is_rounded_to_the_nearest_cent_and_half_a_cent_up(long hundredths, long price, long discount) =>
        Assert.Equal(discount, Cart([Item(1, price)], new DiscountRule("CODE", DiscountKind.Percent, hundredths)).Session.DiscountTotal);

    [Fact]
    public void Discounts_never_exceed_the_goods()
    {
        var session = Cart([Item(2, 500)], new("FIRST", DiscountKind.Percent, 6000), new("SECOND", DiscountKind.Amount, 900), new("THIRD", DiscountKind.Amount, 100)).Session;

        Assert.Equal([600, 400, 0], session.Discounts.Select(discount => discount.Amount));
        Assert.Equal(0, session.GrandTotal - session.ShippingCost - session.TaxCost);
    }

    [Fact]
    public void Free_shipping_takes_off_the_shipping_once_and_is_not_taxed()
    {
        var state = Cart([Item(1, 2500)], new("FREESHIP", DiscountKind.FreeShipping, 0), new("FREESHIP2", DiscountKind.FreeShipping, 0));

        Assert.Equal([1000, 0], state.Session.Discounts.Select(discount => discount.Amount));
        Assert.Equal(2500 + 850, state.Session.GrandTotal);
        Assert.Equal(0, state.TaxRequest().Shipping);
        Assert.Equal(0, state.TaxRequest().Lines.Sum(line => line.Discount));
    }

    [Fact]
    public void The_grand_total_is_unknown_until_shipping_and_tax_are()
    {
        var state = Cart([Item(1, 2500)]);

        Assert.Null((state with { Session = state.Session with { TaxCost = null } }).Reprice().Session.GrandTotal);
        Assert.Null((state with { Session = state.Session with { ShippingCost = null } }).Reprice().Session.GrandTotal);
        Assert.Equal(2500 + 1000 + 850, state.Session.GrandTotal);
    }

    [Fact]
    public void A_tax_request_needs_an_address_and_a_method()
    {
        var state = Cart([Item(1, 2500)]);

        Assert.Throws<InvalidOperationException>(() => (state with { Session = state.Session with { ShippingAddress = null } }).TaxRequest());
        Assert.Throws<InvalidOperationException>(() => (state with { Session = state.Session with { ShippingCost = null } }).TaxRequest());
    }

    [Fact]
    public void In_any_cart_the_totals_add_up_and_the_lines_share_the_discount_to_the_cent() => Prop.ForAll(Carts.ToArbitrary(), state =>
    {
        var session = state.Session;
        var goodsDiscount = session.Discounts.Where(discount => !discount.Code.StartsWith(nameof(DiscountKind.FreeShipping), StringComparison.Ordinal)).Sum(discount => discount.Amount);

        Assert.Equal(session.Subtotal - session.DiscountTotal + session.ShippingCost + session.TaxCost, session.GrandTotal);
        Assert.Equal(session.Items.Sum(item => item.LineTotal), session.Subtotal);
        Assert.Equal(session.Discounts.Sum(discount => discount.Amount), session.DiscountTotal);
        Assert.All(session.Discounts, discount => Assert.True(discount.Amount >= 0));
        Assert.InRange(goodsDiscount, 0, session.Subtotal);
        Assert.Equal(goodsDiscount, state.TaxRequest().Lines.Sum(line => line.Discount));
        Assert.All(state.TaxRequest().Lines, line => Assert.InRange(line.Discount, 0, line.UnitPrice * line.Quantity));
        Assert.Equal(session.GrandTotal, state.TaxRequest().Lines.Sum(line => line.Net) + state.TaxRequest().Shipping + session.TaxCost);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Pricing_twice_is_pricing_once() => Prop.ForAll(
        Carts.ToArbitrary(), state => Json.Write(state.Reprice()) == Json.Write(state)).QuickCheckThrowOnFailure();

    private static Gen<CheckoutState> Carts =>
        from items in (from quantity in Gen.Choose(1, 999) from price in Gen.Choose(0, 1_000_000) select (quantity, (long)price)).ArrayOf()
        from rules in (from kind in Gen.Elements(Enum.GetValues<DiscountKind>()) from value in Gen.Choose(0, 10_000) select (kind, value)).ArrayOf()
        select Cart(
            [.. items.Take(20).Select((item, index) => Item(item.quantity, item.Item2, $"SKU-{index}"))],
            [.. rules.Take(5).Select((rule, index) => new DiscountRule($"{rule.kind}{index}", rule.kind, rule.value))]);

    private static LineItem Item(int quantity, long price, string sku = "TEA-100") => new(sku, "Tea", quantity, price, null, 120);

    private static CheckoutState Cart(IReadOnlyList<LineItem> items, params IReadOnlyList<DiscountRule> rules) => new CheckoutState(
        new SessionDocument(
            "chk_1", "cart", CheckoutStatus.MethodSelected, 1, "USD", [], null, [], Home, null, null, "FedEx_Ground", 1000, 850, null,
            0, 0, null, SessionPayment.None, null, [], new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        items, rules, new CheckoutLimits()).Reprice();
}
