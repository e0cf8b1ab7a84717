using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class ShippingActivitiesTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly FetchShippingRates Request = new(new(null, "1 Main St", null, "Springfield", "IL", "62701", "US"), 500, "USD");

    private static readonly RateTable Table = new(
    [
        new(Estimate("UPS_Ground", 1200), ["US"], 1000, "USD"),
        new(Estimate("UPS_Ground", 2400), ["US"], 5000, "USD"),
        new(Estimate("FedEx_InternationalPriority", 5000), [], 5000, "USD"),
    ]);

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
    public async Task At_the_same_cost_the_first_provider_in_the_settings_wins_however_fast_the_other_is()
    {
        var quote = await Fetch(
            new Quoting("A", new([Rate("UPS_Ground", 900, "a", days: 5)], [])),
            new Quoting("B", new([Rate("UPS_Ground", 900, "b", days: 1)], [])));
        Assert.Equal("a", quote.Rates.Single().Provider);
    }

    [Fact]
    public async Task The_cheapest_comes_first_then_the_fastest_then_by_id()
    {
        var quote = await Fetch(
            new Quoting("A", new([Rate("UPS_Ground", 900, "a", days: 3), Rate("UPS_Saver", 900, "a", days: null), Rate("DHL_Any", 900, "a", days: 3)], [])),
            new Quoting("B", new([Rate("USPS_Express", 900, "b", days: 1), Rate("USPS_Priority", 850, "b", days: 9)], [])));
        Assert.Equal(["USPS_Priority", "USPS_Express", "DHL_Any", "UPS_Ground", "UPS_Saver"], quote.Rates.Select(rate => rate.Id));
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
    public async Task If_all_fail_and_there_is_no_table_so_does_the_step() =>
        Assert.Equal("A", (await Assert.ThrowsAsync<ProviderException>(() => Fetch(new Quoting("A", null), new Quoting("B", null)))).Provider);

    [Fact]
    public async Task If_all_fail_the_shops_table_answers_and_says_that_it_estimates()
    {
        var quote = await Over([new Quoting("A", null), new Quoting("B", null)], new() { Table = Table }, new(Noon)).FetchShippingRates(Request, default);
        Assert.Equal(
            [Estimate("UPS_Ground", 1200) with { AsOf = Noon }, Estimate("FedEx_InternationalPriority", 5000) with { AsOf = Noon }],
            quote.Rates);
        Assert.All(quote.Rates, rate => Assert.Equal(("table", true), (rate.Provider, rate.Estimated)));
        Assert.Equal(["a", "b"], quote.Down!);
    }

    [Theory]
    [InlineData("US", 5000, "USD")]
    [InlineData("US", 500, "EUR")]
    [InlineData("DE", 4900, "USD")]
    public async Task Where_the_table_has_no_row_the_step_fails(string country, int grams, string currency)
    {
        var activities = Over([new Quoting("A", null)], new() { Table = Table }, new(Noon));
        await Assert.ThrowsAsync<ProviderException>(() => activities.FetchShippingRates(new(Request.To with { Country = country }, grams, currency), default));
    }

    [Fact]
    public async Task A_heavier_parcel_takes_the_tables_next_row() => Assert.Equal(
        2400,
        (await Over([new Quoting("A", null)], new() { Table = Table }, new(Noon)).FetchShippingRates(Request with { WeightGrams = 900 }, default)).Rates[0].Cost);

    [Fact]
    public async Task A_provider_that_serves_no_lane_is_not_down()
    {
        var quote = await Over([new Quoting("A", new([], ["UPS: Lane not served"])), new Quoting("B", null)], new() { Table = Table }, new(Noon)).FetchShippingRates(Request, default);
        Assert.Empty(quote.Rates);
        Assert.Equal(["b"], quote.Down!);
    }

    [Fact]
    public async Task The_parcel_leaves_the_shop_and_weighs_its_packaging_too()
    {
        var provider = new Quoting("A", new([], []));
        await Fetch(provider);
        Assert.Equal(new(new ShopOptions().ShipFrom, Request.To, 650, "USD"), provider.Asked);
    }

    [Fact]
    public void An_estimate_takes_the_place_of_no_rate_and_only_a_rate_takes_its()
    {
        IReadOnlyList<ShippingRate> rates = [Rate("UPS_Ground", 900, "a")];
        IReadOnlyList<ShippingRate> estimates = [Estimate("UPS_Ground", 1200)];
        Assert.Equal(rates, new RateQuote(estimates, [], Down: ["a"]).RatesBeside(rates));
        Assert.Equal(estimates, new RateQuote([Estimate("UPS_Ground", 1300)], [], Down: ["a"]).RatesBeside(estimates));
        Assert.Equal(estimates, new RateQuote([], [], Down: ["b"]).RatesBeside(estimates));
        Assert.Equal(rates, new RateQuote(rates, [], Down: ["b"]).RatesBeside(estimates));
        Assert.Equal(rates, new RateQuote(rates, []).RatesBeside(estimates));
    }

    internal static ShippingActivities Over(IReadOnlyList<IRateProvider> providers, ShippingOptions options, ManualTimeProvider time) =>
        new(new HedgedRates(providers, options, time, NullLogger<HedgedRates>.Instance), options, new ShopOptions(), time);

    internal static ShippingRate Rate(string id, long cost, string provider, int? days = 3) => new(id, id.Split('_')[0], id.Split('_')[1], cost, days, provider, false);

    internal static ShippingRate Estimate(string id, long cost) => Rate(id, cost, RateTable.Provider) with { Estimated = true };

    private static Task<RateQuote> Fetch(params IRateProvider[] providers) => Over(providers, new(), new(Noon)).FetchShippingRates(Request, CancellationToken.None);

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
