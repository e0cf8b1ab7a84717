namespace CheckoutFunctions.Tests.Api;

/// <summary>A code that is good for one order, and those who would have it for more.</summary>
public class DiscountAttackTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_single_use_code_in_many_checkouts_at_once_is_used_once_and_nobody_pays_unasked()
    {
        await NewCode("SIDE", "max_uses", 1);
        var shoppers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Ready("SIDE")));
        var full = (await (await shop.ReadyShopper("TEA-100", 2)).Get()).Number("grand_total");

        var replies = await Task.WhenAll(shoppers.Select(shopper => shopper.Pay()));

        var paid = Assert.Single(replies, reply => reply.Status == 200);
        await shop.Providers.WerePaidOnce(shoppers[Array.IndexOf(replies, paid)], paid.Number("grand_total"));
        foreach (var (shopper, reply) in shoppers.Zip(replies).Where(pair => pair.Second != paid))
        {
            reply.Refuses(409, "totals_changed", "/discounts/0");
            await shop.Providers.HoldNothing(shopper);
            var session = await shopper.Get();
            Assert.Equal(("METHOD_SELECTED", 0, full), (session.Status(), session.Number("discount_total"), session.Number("grand_total")));
            session.AddsUp();
        }

        // The buyer who agrees to the full price gets it.
        var loser = shoppers[Array.FindIndex(replies, reply => reply != paid)];
        (await loser.Post("complete", new { payment_token = "pm_card_visa", grand_total = full })).Is(200);
        await shop.Providers.WerePaidOnce(loser, full);
    }

    [Fact]
    public async Task A_used_code_is_refused_when_it_is_entered()
    {
        await NewCode("SPENT", "max_uses", 1);
        (await (await Ready("SPENT")).Pay()).Is(200);
        var bob = await shop.ReadyShopper();

        (await bob.IsUnchangedBy(() => bob.Discount("spent"))).Refuses(422, "discount_not_applicable", "/codes/0");
    }

    [Fact]
    public async Task A_decline_gives_the_code_back()
    {
        await NewCode("BACK", "max_uses", 1);
        var ada = await Ready("BACK");
        (await ada.Pay("pm_card_chargeDeclined")).Refuses(402, "card_declined");

        var paid = (await ada.Pay()).Is(200);

        Assert.Equal(250, paid.Number("discount_total"));
    }

    [Fact]
    public async Task A_code_that_ended_after_it_was_entered_is_shown_before_anything_is_charged()
    {
        await NewCode("SOON", "ends_at", DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var ada = await Ready("SOON");
        await shop.Shopkeep("UPDATE discounts SET ends_at = 1 WHERE code = 'SOON'");

        (await ada.Pay()).Refuses(409, "totals_changed", "/discounts/0");

        await shop.Providers.HoldNothing(ada);
        var total = (await ada.Get()).Number("grand_total");
        (await ada.Post("complete", new { payment_token = "pm_card_visa", grand_total = total })).Is(200);
    }

    [Fact]
    public async Task One_code_in_many_spellings_counts_once()
    {
        var ada = await shop.ReadyShopper("TEA-100", 2);

        var discounted = (await ada.Discount("WELCOME10", "welcome10", " Welcome10 ", "WELCOME10")).Is(200);

        Assert.Equal(250, discounted.Number("discount_total"));
    }

    private Task<int> NewCode(string code, string limit, long value) =>
        shop.Shopkeep($"INSERT INTO discounts (code, kind, value, {limit}) VALUES ('{code}', 'percent', 1000, {value})");

    private async Task<Shopper> Ready(string code)
    {
        var shopper = await shop.ReadyShopper("TEA-100", 2);
        (await shopper.Discount(code)).Is(200);
        return shopper;
    }
}
