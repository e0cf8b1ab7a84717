using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class ShippingActivitiesTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly FetchShippingRates Request = new(new(null, "1 Main St", null, "Springfield", "IL", "62701", "US"), 500, "USD");

    [Fact]
    public async Task Several_providers_quotes_become_one_with_the_cheapest_of_each_service()
    {
        var quote = await Fetch(
            new Quoting("A", new([Rate("UPS_Ground", 900, "a"), Rate("FedEx_2Day", 2000, "a")], ["A: hello"])),
            new Quoting("B", new([Rate("UPS_Ground", 850, "b")], ["B: hello"])));
        Assert.Equal([("UPS_Ground", 850, "b"), ("FedEx_2Day", 2000, "a")], quote.Rates.Select(rate => (rate.Id, rate.Cost, rate.Provider)));
        Assert.Equal(["A: hello", "B: hello"], quote.Messages);
    }

    [Fact]
    public async Task One_provider_that_fails_costs_its_rates_only()
    {
        var quote = await Fetch(new Quoting("A", null), new Quoting("B", new([Rate("UPS_Ground", 850, "b")], [])));
        Assert.Equal("UPS_Ground", quote.Rates.Single().Id);
        Assert.Equal(["a"], quote.Down!);
    }

    [Fact]
    public async Task Rates_say_when_they_were_quoted()
    {
        var quote = await Fetch(new Quoting("A", new([Rate("UPS_Ground", 850, "a"), Rate("UPS_2Day", 1850, "a")], [])));
        Assert.All(quote.Rates, rate => Assert.Equal(Noon, rate.AsOf));
        Assert.Null(quote.Down);
    }

    [Fact]
    public async Task If_all_fail_so_does_the_step() =>
        Assert.Equal("A", (await Assert.ThrowsAsync<ProviderException>(() => Fetch(new Quoting("A", null), new Quoting("B", null)))).Provider);

    [Fact]
    public async Task The_parcel_leaves_the_shop_and_weighs_its_packaging_too()
    {
        var provider = new Quoting("A", new([], []));
        await Fetch(provider);
        Assert.Equal(new(new ShopOptions().ShipFrom, Request.To, 650, "USD"), provider.Asked);
    }

    private static Task<RateQuote> Fetch(params IRateProvider[] providers) =>
        new ShippingActivities(providers, new ShopOptions(), new ManualTimeProvider(Noon)).FetchShippingRates(Request, CancellationToken.None);

    private static ShippingRate Rate(string id, long cost, string provider) => new(id, id.Split('_')[0], id.Split('_')[1], cost, 3, provider, false);

    private sealed class Quoting(string name, RateQuote? quote) : IRateProvider
    {
        public string Name => name;

        public RateRequest? Asked { get; private set; }

        public Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation)
        {
            Asked = request;
            return quote is null ? throw new ProviderException(name, "rates", "down") : Task.FromResult(quote);
        }
    }
}
