namespace CheckoutFunctions.Tests.Api;

/// <summary>Two rate providers through the HTTP API: what the buyer sees when both answer, when one doesn't, and when none does.</summary>
public class ShippingTests
{
    private static readonly (string, string)[] Table =
    [
        ("Shipping:Fallback:0:Carrier", "FedEx"), ("Shipping:Fallback:0:Service", "Ground"), ("Shipping:Fallback:0:Countries", "US"),
        ("Shipping:Fallback:0:Cost", "1300"), ("Shipping:Fallback:0:Currency", "USD"), ("Shipping:Fallback:0:DeliveryDays", "5"),
    ];

    [Fact]
    public async Task Both_providers_rates_are_one_list_with_the_cheaper_of_each_service()
    {
        await using var shop = await Open();
        var ada = await shop.Shopper();
        var rates = Rates((await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills))).Is(200));
        Assert.Equal(8, rates.Count);
        Assert.Equal(rates.Select(rate => rate.Id).Distinct(), rates.Select(rate => rate.Id));
        Assert.Equal(rates.Select(rate => rate.Cost).Order(), rates.Select(rate => rate.Cost));
        Assert.Equal(("USPS_GroundAdvantage", "shippo", false), (rates[0].Id, rates[0].Provider, rates[0].Estimated));
        Assert.Contains((Shopper.Ground, 1000, "easypost", false), rates);
        Assert.Contains(rates, rate => rate is { Id: "USPS_Priority", Provider: "shippo" });
        (await Shopper.Insist(() => ada.Choose("USPS_GroundAdvantage"))).Is(200).AddsUp();
        (await ada.PayAndWait()).Is(200);
    }

    [Theory]
    [InlineData("easypost", "shippo", 1020)]
    [InlineData("shippo", "easypost", 1000)]
    public async Task When_one_is_down_the_others_rates_are_there(string down, string up, long ground)
    {
        await using var shop = await Open();
        await shop.Providers.Fail(down, "*", "http_500", times: 1000);
        var ada = await shop.Shopper();
        var rates = Rates((await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills))).Is(200));
        Assert.All(rates, rate => Assert.Equal((up, false), (rate.Provider, rate.Estimated)));
        Assert.Contains((Shopper.Ground, ground, up, false), rates);
        (await Shopper.Insist(() => ada.Choose(Shopper.Ground))).Is(200);
        Assert.Equal(ground, (await ada.PayAndWait()).Is(200).Number("shipping_cost"));
    }

    [Fact]
    public async Task When_both_are_down_the_shops_table_estimates_and_the_real_rate_counts_once_they_are_back()
    {
        await using var shop = await Open(Table);
        await shop.Providers.Fail("easypost", "*", "connection_reset", times: 1000);
        await shop.Providers.Fail("shippo", "*", "http_500", times: 1000);
        var ada = await shop.Shopper();
        var addressed = (await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills))).Is(200);
        Assert.Equal([(Shopper.Ground, 1300, "table", true)], Rates(addressed));
        Assert.Contains(addressed["messages"].EnumerateArray(), message => message.GetProperty("code").GetString() == "rates_estimated");
        Assert.Equal(1300, (await Shopper.Insist(() => ada.Choose(Shopper.Ground))).Is(200).Number("shipping_cost"));

        await shop.Providers.Recover();
        (await ada.PayAndWait()).Refuses(409, "totals_changed");
        var now = (await ada.Get()).Is(200);
        Assert.Equal(1000, now.Number("shipping_cost"));
        Assert.Equal(1000, (await ada.PayAndWait(key: "again")).Is(200).Number("shipping_cost"));
    }

    [Fact]
    public async Task An_estimate_is_the_price_while_both_stay_down()
    {
        await using var shop = await Open(Table);
        await shop.Providers.Fail("easypost", "*", "malformed", times: 1000);
        await shop.Providers.Fail("shippo", "*", "malformed", times: 1000);
        var ada = await shop.Shopper();
        (await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills))).Is(200);
        (await Shopper.Insist(() => ada.Choose(Shopper.Ground))).Is(200).AddsUp();
        var paid = (await ada.PayAndWait()).Is(200);
        Assert.Equal(1300, paid.Number("shipping_cost"));
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task Without_a_table_nobody_can_be_shipped_to_while_both_are_down()
    {
        await using var shop = await Open();
        await shop.Providers.Fail("easypost", "*", "http_500", times: 1000);
        await shop.Providers.Fail("shippo", "*", "http_500", times: 1000);
        var ada = await shop.Shopper();
        (await ada.IsUnchangedBy(() => Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills)))).Refuses(503, "shipping_unavailable");
    }

    /// <summary>The slow one would take ten minutes, and the budget is one.</summary>
    [Theory]
    [InlineData("easypost", "shippo")]
    [InlineData("shippo", "easypost")]
    public async Task A_slow_one_is_not_waited_for(string slow, string quick)
    {
        await using var shop = await Open(("Shipping:HedgeSeconds", "1"));
        await shop.Providers.Fail(slow, "*", "slow", times: 1000, delayMs: 600_000);
        var ada = await shop.Shopper();
        Assert.All(Rates((await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills))).Is(200)), rate => Assert.Equal(quick, rate.Provider));
    }

    [Fact]
    public async Task Carriers_that_do_not_go_there_say_so()
    {
        await using var shop = await Open();
        var ada = await shop.Shopper();
        var box = new { name = "Ada L", line1 = "PO Box 12", city = "Beverly Hills", state = "CA", zip = "90210", country = "US" };
        var addressed = (await Shopper.Insist(() => ada.ShipTo(box))).Is(200);
        Assert.All(Rates(addressed), rate => Assert.StartsWith("USPS", rate.Id, StringComparison.Ordinal));
        var told = addressed["messages"].EnumerateArray().Where(message => message.GetProperty("code").GetString() == "carrier_unavailable").Select(message => message.GetProperty("text").GetString());
        Assert.Equal(["FedEx: Delivery to a P.O. Box is not available.", "UPS: Delivery to a P.O. Box is not available."], told.Order());
    }

    private static Task<Shop> Open(params (string, string)[] more) =>
        Shop.Open([("Shipping:Providers", "EasyPost,Shippo"), ("Shipping:BudgetSeconds", "60"), ("Shipping:HedgeSeconds", "60"), .. more]);

    private static List<(string Id, long Cost, string Provider, bool Estimated)> Rates(Reply session) => session["shipping_rates"].EnumerateArray().Select(rate => (
        rate.GetProperty("id").GetString()!, rate.GetProperty("cost").GetInt64(), rate.GetProperty("provider").GetString()!, rate.GetProperty("estimated").GetBoolean())).ToList();
}
