namespace CheckoutFunctions.Tests.Api;

public class IdempotencyTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_repeated_start_gives_the_same_checkout_and_another_body_is_a_conflict()
    {
        var first = (await shop.Start(Shopper.Cart("TEA-100", 2), key: "start-1")).Is(201);
        var again = (await shop.Start(Shopper.Cart("TEA-100", 2), key: "start-1")).Is(201);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        Assert.Equal((false, true), (first.IsReplay, again.IsReplay));
        (await shop.Start(Shopper.Cart("TEA-100", 3), key: "start-1")).Refuses(422, "idempotency_conflict");
        Assert.NotEqual(first.Text("checkout_id"), (await shop.Start(Shopper.Cart("TEA-100", 2), key: "start-2")).Is(201).Text("checkout_id"));
    }

    [Fact]
    public async Task Concurrent_starts_with_one_key_are_one_checkout()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Start(Shopper.Cart("TEA-100", 1), key: "start-many")));

        Assert.All(replies, reply => reply.Is(201));
        Assert.Single(replies.Select(reply => reply.Body).Distinct());
        Assert.Single(replies, reply => !reply.IsReplay);
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(3, "pay-once")]
    [InlineData(20, null)]
    [InlineData(20, "pay-once")]
    public async Task Concurrent_completes_charge_once_and_get_the_same_answer(int requests, string? key)
    {
        var ada = await shop.ReadyShopper();

        var replies = await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => ada.Pay(key: key)));

        Assert.All(replies, reply => Assert.Equal("COMPLETED", reply.Is(200).Status()));
        var body = Assert.Single(replies.Select(reply => reply.Body).Distinct());
        Assert.Single(await shop.Providers.Payments(ada));
        await shop.Providers.WerePaidOnce(ada, replies[0].Number("grand_total"));
        Assert.Equal(body, (await ada.Pay(key: key)).Is(200).Body);
    }

    [Fact]
    public async Task Concurrent_completes_with_different_cards_charge_one_of_them()
    {
        var ada = await shop.ReadyShopper();

        var replies = await Task.WhenAll(ada.Pay("pm_card_visa"), ada.Pay("pm_card_mastercard"), ada.Pay("pm_card_amex"));

        Assert.All(replies, reply => reply.Is(200));
        Assert.Single(replies.Select(reply => reply.Text("order_id")).Distinct());
        await shop.Providers.WerePaidOnce(ada, replies[0].Number("grand_total"));
    }

    [Fact]
    public async Task The_key_of_a_completed_payment_gives_its_answer_again_and_another_body_is_a_conflict()
    {
        var ada = await shop.ReadyShopper();
        var paid = (await ada.Pay(key: "pay-1")).Is(200);

        var again = (await ada.Pay(key: "pay-1")).Is(200);

        Assert.Equal(paid.Body, again.Body);
        Assert.True(again.IsReplay);
        (await ada.IsUnchangedBy(() => ada.Pay("pm_card_mastercard", key: "pay-1"))).Refuses(422, "idempotency_conflict");
    }

    [Fact]
    public async Task The_key_of_a_decline_gives_the_decline_again_and_another_key_tries_the_card_again()
    {
        var ada = await shop.ReadyShopper();
        var declined = (await ada.Pay("pm_card_chargeDeclined", key: "no-1")).Refuses(402, "card_declined");

        var again = (await ada.Pay("pm_card_chargeDeclined", key: "no-1")).Refuses(402, "card_declined");

        Assert.Equal(declined.Body, again.Body);
        Assert.Single(await shop.Providers.Payments(ada));
        (await ada.Pay("pm_card_chargeDeclined", key: "no-2")).Refuses(402, "card_declined");
        Assert.Equal(2, (await shop.Providers.Payments(ada)).Count);
    }

    [Fact]
    public async Task A_put_that_is_repeated_under_its_key_happens_once()
    {
        var ada = await shop.Shopper();
        var first = (await ada.ShipTo(Shopper.BeverlyHills, key: "put-1")).Is(200);
        (await ada.Choose(Shopper.Ground)).Is(200);

        var again = (await ada.IsUnchangedBy(() => ada.ShipTo(Shopper.BeverlyHills, key: "put-1"))).Is(200);

        Assert.Equal(first.Body, again.Body);
        Assert.True(again.IsReplay);
        (await ada.IsUnchangedBy(() => ada.ShipTo(Shopper.NewYork, key: "put-1"))).Refuses(422, "idempotency_conflict");
    }

    [Fact]
    public async Task A_key_belongs_to_one_checkout_and_one_call()
    {
        var (ada, bob) = (await shop.Shopper(), await shop.Shopper());

        (await ada.ShipTo(Shopper.BeverlyHills, key: "shared")).Is(200);
        (await bob.ShipTo(Shopper.NewYork, key: "shared")).Is(200);
        (await ada.Put("discounts", new { codes = new[] { "WELCOME10" } }, key: "shared")).Is(200);

        Assert.Equal("NY", (await bob.Get())["shipping_address"].GetProperty("state").GetString());
    }
}
