namespace CheckoutFunctions.Tests.Api;

/// <summary>An operator gives money back: the provider, the tax provider, the shelf and the order all say so.</summary>
public sealed class RefundTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_part_and_then_the_rest_go_back_to_the_buyer()
    {
        var (ada, order, total) = await Paid();

        var part = (await Refund(order, new { amount = 1000, reason = "a dent", restock = new[] { new { sku = "TEA-100", quantity = 1 } } })).Is(202);
        await Settled(order, part, "refunded");

        var shown = (await ada.Order(order, ada.Secret)).Is(200);
        Assert.Equal(("partially_refunded", 1000), (shown.Text("status"), shown.Number("amount_refunded")));
        Assert.Equal(1000, Assert.Single(await shop.Providers.Payments(ada)).Refunded);
        Assert.Equal(-part.Number("tax"), await TaxOf(part.Text("refund_id")!));

        var rest = (await Refund(order, new { reason = "all of it" })).Is(202);
        await Settled(order, rest, "refunded");

        Assert.Equal(total - 1000, rest.Number("amount"));
        shown = (await ada.Order(order, ada.Secret)).Is(200);
        Assert.Equal(("refunded", total), (shown.Text("status"), shown.Number("amount_refunded")));
        Assert.Equal(("refunded", total), Assert.Single(await shop.Providers.Payments(ada)) is var payment ? (payment.State, payment.Refunded) : default);
        Assert.Equal(-shown.Number("tax_cost"), await TaxOf(part.Text("refund_id")!) + await TaxOf(rest.Text("refund_id")!));
        (await Refund(order, new { reason = "once more" })).Refuses(422, "refund_exceeds_order");
    }

    [Fact]
    public async Task Fifty_taps_with_one_key_are_one_refund_and_fifty_equal_answers()
    {
        var (ada, order, _) = await Paid();

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Refund(order, new { amount = 100, reason = "late" }, "tap")));

        Assert.Single(replies.Select(reply => reply.Is(202).Body).Distinct());
        Assert.Single(replies, reply => !reply.IsReplay);
        await Settled(order, replies[0], "refunded");
        Assert.Equal(100, Assert.Single(await shop.Providers.Payments(ada)).Refunded);
        Assert.Equal(replies[0].Body, (await Refund(order, new { amount = 100, reason = "late" }, "tap")).Body);
        (await Refund(order, new { amount = 101, reason = "late" }, "tap")).Refuses(422, "idempotency_conflict");
    }

    [Fact]
    public async Task What_cannot_be_refunded_is_refused_and_changes_nothing()
    {
        var (ada, order, total) = await Paid();

        (await Refund(order, new { amount = total + 1, reason = "too much" })).Refuses(422, "refund_exceeds_order");
        (await Refund(order, new { amount = 100, reason = "goods", restock = new[] { new { sku = "TEA-100", quantity = 3 } } })).Refuses(422, "restock_exceeds_sold");
        (await Refund(order, new { amount = 0, reason = "nothing" })).Refuses(400, "invalid_request", "/amount");
        (await Refund(order, new { amount = 100 })).Refuses(400, "invalid_request", "/reason");
        (await Refund("ord_unknown", new { reason = "what order?" })).Refuses(404, "order_not_found");
        Assert.Equal(401, (await shop.Send(HttpMethod.Post, $"/api/operations/orders/{order}/refund", new { reason = "no key" }, ada.Secret)).Status);
        (await shop.Send(HttpMethod.Post, $"/api/operations/orders/{order}/refunds/ref_unknown/retry?code={shop.OperatorKey}")).Refuses(404, "refund_not_found");

        Assert.Equal(0, Assert.Single(await shop.Providers.Payments(ada)).Refunded);
        Assert.Equal("placed", (await ada.Order(order, ada.Secret)).Text("status"));
    }

    [Theory]
    [InlineData("timeout_after")]
    [InlineData("http_500")]
    [InlineData("malformed")]
    public async Task A_provider_that_fails_meanwhile_gives_back_once(string kind)
    {
        await using var own = await Shop.Open(("Stripe:TimeoutSeconds", "1"), ("TaxJar:TimeoutSeconds", "1"));
        var (ada, order, _) = await Paid(own);
        await own.Providers.Fail("stripe", "refund", kind);
        await own.Providers.Fail("taxjar", "refund", kind);

        var refund = (await Refund(order, new { amount = 700, reason = "a dent" }, of: own)).Is(202);

        await Settled(order, refund, "refunded", own);
        Assert.Equal(700, Assert.Single(await own.Providers.Payments(ada)).Refunded);
    }

    private async Task<(Shopper Ada, string Order, long Total)> Paid(Shop? of = null)
    {
        var ada = await (of ?? shop).ReadyShopper(quantity: 2);
        var paid = (await ada.PayAndWait()).Is(200);
        return (ada, paid.Text("order_id")!, paid.Number("grand_total"));
    }

    private Task<Reply> Refund(string order, object body, string? key = null, Shop? of = null) =>
        (of ?? shop).Send(HttpMethod.Post, $"/api/operations/orders/{order}/refund?code={(of ?? shop).OperatorKey}", body, key: key);

    private async Task Settled(string order, Reply refund, string status, Shop? of = null)
    {
        var id = refund.Text("refund_id");
        for (var look = 0; ; look++)
        {
            var all = (await (of ?? shop).Send(HttpMethod.Get, $"/api/operations/orders/{order}/refunds?code={(of ?? shop).OperatorKey}")).Is(200);
            if (all["refunds"].EnumerateArray().Single(one => one.GetProperty("refund_id").GetString() == id).GetProperty("status").GetString() == status)
                return;
            Assert.True(look < 600, $"The refund never became {status}: {all.Body}");
            await Task.Delay(100);
        }
    }

    private async Task<long> TaxOf(string refund) => (await shop.Providers.Ledger()).GetProperty("tax_documents").EnumerateArray()
        .Single(document => document.GetProperty("id").GetString() == refund).GetProperty("tax").GetInt64();
}
