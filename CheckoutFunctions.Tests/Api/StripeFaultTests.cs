namespace CheckoutFunctions.Tests.Api;

/// <summary>However Stripe fails, the buyer pays exactly once or not at all, and Stripe's ledger agrees with the orders.</summary>
public class StripeFaultTests
{
    private static readonly string[] Kinds = ["timeout_before", "timeout_after", "http_500", "http_429", "malformed", "connection_reset"];

    [Theory]
    [InlineData("create")]
    [InlineData("confirm")]
    [InlineData("capture")]
    public Task A_call_that_fails_once_or_twice_still_becomes_one_payment(string operation) => ForEachKind(async (shop, kind) =>
    {
        foreach (var times in new[] { 1, 2 })
        {
            var ada = await shop.ReadyShopper();
            await shop.Providers.Fail("stripe", operation, kind, times);

            var paid = (await ada.PayAndWait()).Is(200);

            Assert.Equal("COMPLETED", paid.Status());
            (await ada.Order(paid.Text("order_id")!, ada.Secret)).Is(200);
            await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
            await shop.Providers.Recover();
        }
    });

    [Fact]
    public Task A_void_that_fails_once_or_twice_leaves_nothing_held() => ForEachKind(async (shop, kind) =>
    {
        foreach (var times in new[] { 1, 2 })
        {
            var ada = await shop.ReadyShopper("LAST-001");
            var asked = (await ada.Pay("pm_card_authenticationRequired")).Is(202);
            Assert.Equal("ACTION_REQUIRED", asked.Status());
            await shop.Providers.Fail("stripe", "cancel", kind, times);

            await ada.Cancel();

            await ada.Await(session => session.Status() == "CANCELLED");
            await shop.Providers.HoldNothing(ada);
            Assert.Equal("voided", Assert.Single(await shop.Providers.Payments(ada)).State);
            await shop.Providers.Recover();
        }

        var bob = await shop.ReadyShopper("LAST-001");
        (await bob.Pay()).Is(200);
    });

    [Theory]
    [InlineData("connection_reset")]
    [InlineData("http_500")]
    [InlineData("timeout_before")]
    public async Task While_Stripe_is_down_the_buyer_is_told_to_come_back_and_nothing_is_held(string kind)
    {
        await using var shop = await Shop.Open(("Stripe:TimeoutSeconds", "0.5"));
        var ada = await shop.ReadyShopper("LAST-001");
        await shop.Providers.Fail("stripe", "*", kind, times: 1000);

        var refused = (await ada.PayAndWait()).Refuses(503, "payment_unavailable");

        Assert.True(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal("METHOD_SELECTED", (await ada.Get()).Status());
        await shop.Providers.HoldNothing(ada);
        await shop.Providers.Recover();
        var paid = (await ada.PayAndWait()).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task Money_that_was_held_without_an_answer_is_given_back()
    {
        await using var shop = await Shop.Open(("Stripe:TimeoutSeconds", "0.5"));
        var ada = await shop.ReadyShopper();
        await shop.Providers.Fail("stripe", "confirm", "timeout_after", times: 3);
        await shop.Providers.Fail("stripe", "retrieve", "http_500", times: 4);

        var refused = await ada.Pay();

        if (refused.Status != 202)
            refused.Refuses(503, "payment_unavailable");
        await ada.Await(session => session.Status() == "METHOD_SELECTED");
        Assert.Equal("voided", Assert.Single(await shop.Providers.Payments(ada)).State);
        var paid = (await ada.PayAndWait()).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task A_payment_that_takes_long_is_answered_202_and_goes_on()
    {
        await using var shop = await Shop.Open();
        var ada = await shop.ReadyShopper();
        await shop.Providers.Fail("stripe", "confirm", "slow", delayMs: 10500);

        var working = (await ada.Pay(key: "pay-1")).Is(202);

        Assert.Equal("PAYING", working.Status());
        Assert.Equal($"/api/checkout/{ada.Id}", working.Headers["Location"]);
        Assert.True(working.Headers.ContainsKey("Retry-After"));
        var completed = await ada.Await(session => session.Status() == "COMPLETED");
        Assert.Equal(completed.Body, (await ada.Pay(key: "pay-1")).Is(200).Body);
        await shop.Providers.WerePaidOnce(ada, completed.Number("grand_total"));
    }

    private static Task ForEachKind(Func<Shop, string, Task> act) => Task.WhenAll(Kinds.Select(async kind =>
    {
        try
        {
            await using var shop = await Shop.Open(("Stripe:TimeoutSeconds", "1"));
            await act(shop, kind);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"With {kind}: {failure.Message}", failure);
        }
    }));
}
