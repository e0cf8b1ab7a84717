using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Receipts;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Sessions;

namespace CheckoutFunctions.Tests.Receipts;

public sealed class ReceiptTests
{
    private static readonly DateTimeOffset Placed = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Order Order = new(
        "ord_1", "chk_1", "USD", [new LineItem("TEA-100", "Assam tea", 2, 1250, null, 0)], 2500, 250, 1000, 850, 4100, "ada@example.com",
        new Address("Ada L", "1 Main St", null, "Beverly Hills", "CA", "90210", "US"), "FedEx_Ground", "pi_1", Placed);

    [Fact]
    public void Discounts_stand_by_code_shipping_by_carrier_and_the_tax_with_its_source()
    {
        var receipt = Of(Session with
        {
            Discounts = [new("WELCOME10", 150), new("TEA1", 100)],
            ShippingRates = [new("FedEx_Ground", "FedEx", "Home Delivery", 1000, 3, "easypost", false)],
            Tax = new("taxjar", Estimated: false, Placed),
        });

        Assert.Equal([new("Discount WELCOME10", -150), new("Discount TEA1", -100)], receipt.Discounts);
        Assert.Equal(new("Shipping, FedEx Home Delivery", 1000), receipt.Shipping);
        Assert.Equal(new("Tax (TaxJar)", 850), receipt.Tax);
    }

    [Fact]
    public void An_estimated_tax_says_so() =>
        Assert.Equal("Tax, estimated (last known rate)", Of(Session with { Tax = new("last_known_rate", Estimated: true, Placed) }).Tax.Label);

    [Fact]
    public void Without_the_checkout_the_order_alone_is_enough()
    {
        var receipt = Of(null);

        Assert.Equal([new("Discounts", -250)], receipt.Discounts);
        Assert.Equal(new("Shipping, FedEx Ground", 1000), receipt.Shipping);
        Assert.Equal(new("Tax", 850), receipt.Tax);
    }

    [Fact]
    public void When_the_checkout_was_forgotten_the_order_still_says_who_calculated_its_tax() =>
        Assert.Equal("Tax (Avalara AvaTax)", Receipt.Of(new ShopOptions(), new(Order, OrderState.Placed, Kept: new("hash", "avalara")), null, []).Tax.Label);

    [Fact]
    public void Discounts_that_are_not_the_orders_are_not_taken_from_the_checkout() =>
        Assert.Equal([new("Discounts", -250)], Of(Session with { Discounts = [new("WELCOME10", 200)] }).Discounts);

    [Fact]
    public void Only_refunds_that_the_buyer_has_are_on_it()
    {
        StoredRefund Refund(string id, RefundStatus status, int day) =>
            new(id, "ord_1", status, "USD", 100, 10, "broken", [], null, null, Placed.AddDays(day), "hash");

        var receipt = Of(null, Refund("ref_2", RefundStatus.Refunded, 3), Refund("ref_1", RefundStatus.Refunded, 1), Refund("ref_3", RefundStatus.Requested, 2), Refund("ref_4", RefundStatus.Failed, 2));

        Assert.Equal([new("Refunded 2030-01-02", -100), new("Refunded 2030-01-04", -100)], receipt.Refunds);
    }

    private static SessionDocument Session => TestSessions.Document("chk_1", 1, CheckoutStatus.Completed);

    private static Receipt Of(SessionDocument? session, params StoredRefund[] refunds) => Receipt.Of(new ShopOptions(), new(Order, OrderState.Placed), session, refunds);
}
