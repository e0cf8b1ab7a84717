namespace CheckoutFunctions.Tests.Api;

/// <summary>Two tax providers through the HTTP API: what the buyer sees when the first, and then both, are down.</summary>
public class TaxLadderTests
{
    [Fact]
    public async Task When_TaxJar_is_down_Avalara_quotes_and_records_and_refunds()
    {
        await using var shop = await Open();
        await shop.Providers.Fail("taxjar", "*", "http_500", times: 1000);
        var (ada, chosen) = await Ready(shop, "TEA-100");
        Assert.Equal(("avalara", false), (chosen["tax"].GetProperty("source").GetString(), chosen["tax"].GetProperty("estimated").GetBoolean()));

        var paid = (await ada.PayAndWait()).Is(200);
        await Documents(shop, 1);
        (await shop.Operate($"orders/{paid.Text("order_id")}/refund", new { amount = 500, reason = "broken" }, "refund-1")).Is(202);
        var documents = await Documents(shop, 2);
        Assert.All(documents, document => Assert.Equal("avalara", document.GetProperty("provider").GetString()));
        Assert.Equal(paid.Number("tax_cost"), documents[0].GetProperty("tax").GetInt64());
        Assert.Equal(-500, documents[1].GetProperty("amount").GetInt64() + documents[1].GetProperty("tax").GetInt64());
    }

    [Fact]
    public async Task When_both_are_down_the_last_known_rate_says_the_tax_and_the_first_that_is_back_records_it()
    {
        await using var shop = await Open();
        var before = (await Ready(shop, "TEA-100")).Chosen["tax"];
        await shop.Providers.Fail("taxjar", "*", "http_500", times: 1000);
        await shop.Providers.Fail("avalara", "quote", "connection_reset", times: 1000);

        var (ada, chosen) = await Ready(shop, "MUG-001");
        var tax = chosen["tax"];
        Assert.Equal(("last_known_rate", true), (tax.GetProperty("source").GetString(), tax.GetProperty("estimated").GetBoolean()));
        Assert.True(tax.GetProperty("as_of").GetDateTimeOffset() <= before.GetProperty("as_of").GetDateTimeOffset());
        Assert.Equal(171, chosen.Number("tax_cost")); // 9.5 % of 18.00

        var paid = (await ada.PayAndWait()).Is(200);
        await shop.Providers.Recover();
        var document = Assert.Single(await Documents(shop, 1));
        Assert.Equal(paid.Number("tax_cost"), document.GetProperty("tax").GetInt64());
    }

    [Fact]
    public async Task Operators_are_told_how_much_an_estimate_was_off()
    {
        await using var shop = await Open();
        await Ready(shop, "TEA-100");
        await shop.Shopkeep("UPDATE tax_rates SET rate = rate / 2"); // it has doubled since
        await shop.Providers.Fail("taxjar", "quote", "http_500", times: 1000);
        await shop.Providers.Fail("avalara", "quote", "http_500", times: 1000);
        var (ada, _) = await Ready(shop, "MUG-001");
        var paid = (await ada.PayAndWait()).Is(200);
        await shop.Providers.Recover();
        await Documents(shop, 1);

        var difference = await Difference(shop);

        Assert.Equal(paid.Text("order_id"), difference.GetProperty("order_id").GetString());
        Assert.Equal((86, 171), (difference.GetProperty("charged").GetInt64(), difference.GetProperty("calculated").GetInt64()));
    }

    private static async Task<System.Text.Json.JsonElement> Difference(Shop shop)
    {
        for (var look = 0; ; look++)
        {
            var report = (await shop.Send(HttpMethod.Get, $"/api/operations/reconciliation?code={shop.OperatorKey}")).Is(200);
            if (report["tax_differences"].EnumerateArray().ToList() is [var difference])
                return difference;
            Assert.True(look < 300, "The difference was never reported.");
            await Task.Delay(100);
        }
    }

    private static Task<Shop> Open() => Shop.Open(("Taxes:Providers", "TaxJar,Avalara"), ("Taxes:BudgetSeconds", "60"), ("Avalara:TimeoutSeconds", "30"));

    private static async Task<(Shopper Ada, Reply Chosen)> Ready(Shop shop, string sku)
    {
        var ada = await shop.Shopper(sku);
        (await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills))).Is(200);
        var chosen = (await Shopper.Insist(() => ada.Choose(Shopper.Ground))).Is(200);
        chosen.AddsUp();
        return (ada, chosen);
    }

    private static async Task<IReadOnlyList<System.Text.Json.JsonElement>> Documents(Shop shop, int count)
    {
        for (var look = 0; ; look++)
        {
            var documents = (await shop.Providers.Ledger()).GetProperty("tax_documents").EnumerateArray().ToList();
            if (documents.Count >= count)
                return documents;
            Assert.True(look < 300, "The tax was never recorded.");
            await Task.Delay(100);
        }
    }
}
