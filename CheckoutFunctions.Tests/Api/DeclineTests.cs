namespace CheckoutFunctions.Tests.Api;

public class DeclineTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "generic_decline", "another card may work")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", "not enough money or credit")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", "The card has expired.")]
    public async Task A_declined_card_says_why_and_leaves_the_cart_and_a_second_card_pays(string token, string declineCode, string advice)
    {
        var ada = await shop.ReadyShopper("TEA-100", 2);
        var before = await ada.Get();

        var declined = (await ada.Pay(token)).Refuses(402, "card_declined");

        Assert.Equal(declineCode, declined.Text("decline_code"));
        Assert.Contains(advice, declined.Text("detail"), StringComparison.Ordinal);
        var after = await ada.Get();
        Assert.Equal(("METHOD_SELECTED", "declined"), (after.Status(), after.PaymentState()));
        Assert.Equal(declineCode, after["payment"].GetProperty("decline_code").GetString());
        Assert.Equal(before["items"].GetRawText(), after["items"].GetRawText());
        Assert.Equal(before.Number("grand_total"), after.Number("grand_total"));
        await shop.Providers.HoldNothing(ada);

        var paid = (await ada.Pay()).Is(200);
        Assert.Equal("COMPLETED", paid.Status());
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task After_a_decline_somebody_else_can_buy_the_last_one()
    {
        var (ada, bob) = (await shop.ReadyShopper("LAST-001"), await shop.ReadyShopper("LAST-001"));

        (await ada.Pay("pm_card_visa_chargeDeclined")).Refuses(402, "card_declined");

        (await bob.Pay()).Is(200);
        (await ada.Pay()).Refuses(409, "out_of_stock", "/items/0");
        await shop.Providers.HoldNothing(ada);
    }

    [Fact]
    public async Task After_another_card_has_paid_the_declined_one_gets_the_same_order()
    {
        var ada = await shop.ReadyShopper();
        (await ada.Pay("pm_card_visa_chargeDeclined")).Refuses(402, "card_declined");
        var paid = (await ada.Pay()).Is(200);

        var again = (await ada.Pay("pm_card_visa_chargeDeclined")).Is(200);

        Assert.Equal(paid.Text("order_id"), again.Text("order_id"));
    }
}
