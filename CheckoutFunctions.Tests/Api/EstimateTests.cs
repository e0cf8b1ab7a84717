using System.Text.Json;

namespace CheckoutFunctions.Tests.Api;

/// <summary><c>GET /api/checkout/{id}/estimate</c>, as soon as a postal code is typed.</summary>
public class EstimateTests
{
    private const string Patient = "10000";

    [Theory]
    [InlineData("90210", true)]
    [InlineData("10001", false)]
    public async Task A_postal_code_gives_what_the_checkout_will_ask_there(string zip, bool beverlyHills)
    {
        await using var shop = await Open();
        var ada = await shop.Shopper("TEA-100", 2);

        var estimate = (await ada.IsUnchangedBy(() => ada.Estimate("US", zip))).Is(200);

        Assert.Equal((true, "USD", 0), (estimate["estimated"].GetBoolean(), estimate.Text("currency"), estimate["missing"].GetArrayLength()));
        Assert.Equal("taxjar", estimate["tax"].GetProperty("source").GetString());
        estimate.AddsUp();
        (await ada.ShipTo(beverlyHills ? Shopper.BeverlyHills : Shopper.NewYork)).Is(200);
        var chosen = (await ada.Choose(Shopper.Ground)).Is(200);
        Assert.All(["subtotal", "shipping_cost", "tax_cost", "grand_total"], amount => Assert.Equal(chosen.Number(amount), estimate.Number(amount)));
    }

    [Theory]
    [InlineData("TaxJar", "CA", "M5H 2G4")]
    [InlineData("Avalara", "US", "10001")]
    [InlineData("Avalara", "CA", "M5H 2G4")]
    [InlineData("TaxJar,Avalara", "DE", "10115")]
    public async Task Country_and_postal_code_are_enough_for_every_provider(string taxes, string country, string code)
    {
        await using var shop = await Shop.Open(
            ("Checkout:EstimateMilliseconds", Patient), ("Taxes:Providers", taxes), ("Taxes:BudgetSeconds", "60"), ("Avalara:TimeoutSeconds", "30"));
        var estimate = (await (await shop.Shopper()).Estimate(country, code)).Is(200);
        Assert.Empty(Missing(estimate));
        estimate.AddsUp();
        Assert.True(estimate.Number("shipping_cost") > 0);
    }

    [Theory]
    [InlineData("WELCOME10")]
    [InlineData("FREESHIP")]
    public async Task The_checkouts_discounts_count(string code)
    {
        await using var shop = await Open();
        var ada = await shop.Shopper("TEA-100", 2);
        (await ada.Discount(code)).Is(200);

        var estimate = (await ada.Estimate("us", "90210-1234")).Is(200);

        estimate.AddsUp();
        await ada.GoToPayment();
        var session = (await ada.Get()).Is(200);
        Assert.True(estimate.Number("discount_total") > 0);
        Assert.All(["discount_total", "tax_cost", "grand_total"], amount => Assert.Equal(session.Number(amount), estimate.Number(amount)));
    }

    [Fact]
    public async Task What_is_known_is_asked_of_nobody_again()
    {
        await using var shop = await Open();
        var (ada, ben) = (await shop.Shopper(), await shop.Shopper());
        var first = (await ada.Estimate("US", "90210")).Is(200);

        Assert.Equal(first.Body, (await ben.Estimate("US", "90210")).Is(200).Body);

        Assert.Equal((1, 1), (await shop.Providers.Calls("easypost.rates"), await shop.Providers.Calls("taxjar.quote")));
    }

    [Fact]
    public async Task What_isnt_known_in_time_is_named_and_the_next_call_finds_it()
    {
        await using var shop = await Open("100");
        await shop.Providers.Fail("easypost", "rates", "slow", delayMs: 1500);
        var ada = await shop.Shopper();

        var lacking = (await ada.Estimate("US", "90210")).Is(200);

        Assert.Equal(["shipping", "tax"], Missing(lacking));
        Assert.All(["shipping_cost", "tax_cost", "grand_total", "tax"], field => Assert.True(lacking.IsNull(field), lacking.Body));
        for (var look = 0; Missing(await ada.Estimate("US", "90210")).Length > 0; look++)
        {
            Assert.True(look < 300, "The estimate never became known.");
            await Task.Delay(100);
        }

        Assert.Equal((1, 1), (await shop.Providers.Calls("easypost.rates"), await shop.Providers.Calls("taxjar.quote")));
    }

    [Fact]
    public async Task While_nobody_says_the_tax_it_is_missing_and_never_zero()
    {
        await using var shop = await Open();
        await shop.Providers.Fail("taxjar", "quote", "http_500", times: 1000);

        var estimate = (await (await shop.Shopper()).Estimate("US", "90210")).Is(200);

        Assert.Equal(["tax"], Missing(estimate));
        Assert.Equal(1000, estimate.Number("shipping_cost"));
        Assert.True(estimate.IsNull("tax_cost") && estimate.IsNull("grand_total"));
    }

    [Theory]
    [InlineData("http_500", Patient)]
    [InlineData("slow", "2000")]
    public async Task While_nobody_says_the_tax_the_last_known_rate_does(string kind, string budget)
    {
        await using var shop = await Open(budget);
        await (await shop.Shopper("MUG-001")).GoToPayment();
        await shop.Providers.Fail("taxjar", "quote", kind, times: 1000, delayMs: kind == "slow" ? 8000 : 0);

        var estimate = (await (await shop.Shopper("TEA-100", 2)).Estimate("US", "90210")).Is(200);

        Assert.Equal("last_known_rate", estimate["tax"].GetProperty("source").GetString());
        Assert.Equal(238, estimate.Number("tax_cost")); // 9.5 % of 25.00
        estimate.AddsUp();
    }

    [Fact]
    public async Task Where_no_carrier_goes_there_is_no_estimate()
    {
        await using var shop = await Open();
        Assert.Equal(["shipping", "tax"], Missing((await (await shop.Shopper()).Estimate("AQ", "9620")).Is(200)));
    }

    [Theory]
    [InlineData("", "90210", "/country")]
    [InlineData("USA", "90210", "/country")]
    [InlineData("1!", "90210", "/country")]
    [InlineData("US", "", "/postal_code")]
    [InlineData("US", "9021", "/postal_code")]
    [InlineData("US", "00000", "/postal_code")]
    [InlineData("CA", "90210", "/postal_code")]
    [InlineData("DE", "Berlin, Berlin, Berlin, Berlin", "/postal_code")]
    public async Task What_is_no_postal_code_is_refused_by_its_name(string country, string code, string pointer)
    {
        await using var shop = await Open();
        (await (await shop.Shopper()).Estimate(country, code)).Refuses(400, "invalid_request", pointer);
    }

    [Fact]
    public async Task It_is_for_who_holds_the_secret_of_an_open_checkout()
    {
        await using var shop = await Open();
        var ada = await shop.Shopper();
        (await shop.Send(HttpMethod.Get, $"/api/checkout/{ada.Id}/estimate?country=US&postal_code=90210", secret: "cs_wrong")).Refuses(404, "checkout_not_found");
        (await ada.Cancel()).Is(200);
        (await ada.Estimate("US", "90210")).Refuses(409, "checkout_closed");
    }

    private static Task<Shop> Open(string budget = Patient) => Shop.Open(("Checkout:EstimateMilliseconds", budget));

    private static string[] Missing(Reply estimate) => estimate["missing"].Deserialize<string[]>()!;
}
