using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Tests.Shipping;
using CheckoutFunctions.Tests.Webhooks;
using Dapper;
using Simulation;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>Two teas (2500) to an address for which nobody could be asked: the shop's table says 1000, and the tax is 8 % of both (280).</summary>
public sealed class EstimatedRateTests
{
    private const long Seen = 3780;

    private static readonly ShippingOptions WithTable = new() { Table = new([new(ShippingActivitiesTests.Estimate("FedEx_Ground", 1000), ["US"], 100_000, "USD")]) };

    private readonly Carriers a = new("A") { IsDown = true };
    private readonly Carriers b = new("B") { IsDown = true };

    [Fact]
    public async Task The_table_answers_at_once_and_says_that_it_estimates()
    {
        using var checkout = await Estimated(choose: false);
        var session = await checkout.Session();
        Assert.Equal(CheckoutStatus.AddressCollected, session.Status);
        var rate = Assert.Single(session.ShippingRates!);
        Assert.Equal(("FedEx_Ground", 1000, "table", true), (rate.Id, rate.Cost, rate.Provider, rate.Estimated));
        Assert.Equal(("rates_estimated", MessageSeverity.Info), (session.Messages[0].Code, session.Messages[0].Severity));
        Assert.Equal(1, checkout.Asked.Count(name => name == nameof(FetchShippingRates)));
    }

    [Fact]
    public async Task While_providers_are_down_the_price_that_the_buyer_agreed_to_holds()
    {
        using var checkout = await Estimated();

        var answer = await PayAndWait(checkout);

        Assert.Equal((AnswerCode.Ok, Seen), (answer.Code, answer.Session.GrandTotal));
        Assert.Equal((1000, Seen), await Order(checkout));
    }

    [Theory]
    [InlineData(1034)]
    [InlineData(966)]
    public async Task Once_one_is_back_a_rate_within_the_tolerance_leaves_the_buyers_price(long cost)
    {
        using var checkout = await Estimated();
        Recover(a, Rate("FedEx_Ground", cost, "a"));

        var answer = await PayAndWait(checkout);

        Assert.Equal((AnswerCode.Ok, Seen), (answer.Code, answer.Session.GrandTotal));
        Assert.Equal((1000, Seen), await Order(checkout));
    }

    [Fact]
    public async Task Beyond_it_the_real_rate_is_shown_first()
    {
        using var checkout = await Estimated();
        Recover(b, Rate("FedEx_Ground", 1500, "b"));

        var answer = await PayAndWait(checkout);

        Assert.Equal(AnswerCode.TotalsChanged, answer.Code);
        Assert.Equal([new("/shipping_cost", 1000, 1500), new("/tax_cost", 280, 320), new AmountChange("/grand_total", Seen, 4320)], answer.Changes!);
        Assert.Equal(("b", false), (answer.Session.ShippingRates!.Single().Provider, answer.Session.ShippingRates!.Single().Estimated));
        Assert.Empty(checkout.Payments.Ledger);
        Assert.Equal((AnswerCode.Ok, 4320), ((await PayAndWait(checkout, 4320)).Code, (await Order(checkout)).Total));
    }

    [Fact]
    public async Task A_service_that_carriers_do_not_offer_must_be_chosen_anew()
    {
        using var checkout = await Estimated();
        Recover(a, Rate("UPS_Ground", 1000, "a"));

        var answer = await PayAndWait(checkout);

        Assert.Equal((AnswerCode.TotalsChanged, CheckoutStatus.AddressCollected), (answer.Code, answer.Session.Status));
        Assert.StartsWith("The chosen shipping method is no longer offered.", answer.Detail, StringComparison.Ordinal);
        Assert.Equal("UPS_Ground", Assert.Single(answer.Session.ShippingRates!).Id);
        Assert.Empty(checkout.Payments.Ledger);
    }

    [Fact]
    public async Task One_that_is_back_and_goes_nowhere_while_the_other_is_down_changes_nothing()
    {
        using var checkout = await Estimated();
        Recover(a);

        Assert.Equal((AnswerCode.Ok, Seen), ((await PayAndWait(checkout)).Code, (await checkout.Session()).GrandTotal));
    }

    [Fact]
    public async Task Choosing_an_estimate_asks_the_carriers_that_are_back()
    {
        using var checkout = await Estimated(choose: false);
        Recover(a, Rate("FedEx_Ground", 1010, "a"));

        var answer = await ChooseAndWait(checkout);
        Assert.Equal((AnswerCode.RateExpired, 1010, false), (answer.Code, answer.Session.ShippingRates!.Single().Cost, answer.Session.ShippingRates!.Single().Estimated));

        answer = await ChooseAndWait(checkout);
        Assert.Equal((AnswerCode.Ok, 1010), (answer.Code, answer.Session.ShippingCost));
    }

    [Fact]
    public async Task Rates_that_were_real_are_not_replaced_by_the_table()
    {
        (a.IsDown, a.Rates) = (false, [Rate("FedEx_Ground", 1300, "a")]);
        using var checkout = await Estimated();
        a.IsDown = true;
        await checkout.Pass(TimeSpan.FromMinutes(31));

        var answer = await PayAndWait(checkout, agreed: null);

        Assert.Equal((AnswerCode.Ok, 1300), (answer.Code, answer.Session.ShippingCost));
        Assert.Equal("a", Assert.Single(answer.Session.ShippingRates!).Provider);
    }

    [Fact]
    public async Task Of_two_providers_old_rates_are_asked_for_again_and_each_rate_says_its_age()
    {
        (a.IsDown, a.Rates, b.IsDown, b.Rates) = (false, [Rate("FedEx_Ground", 1000, "a")], false, [Rate("UPS_Ground", 1100, "b")]);
        using var checkout = await Estimated(choose: false);
        var first = checkout.Clock.GetUtcNow();
        Assert.All((await checkout.Session()).ShippingRates!, rate => Assert.Equal(first, rate.AsOf));
        await checkout.Pass(TimeSpan.FromMinutes(29));
        b.IsDown = true;
        await ChooseAndWait(checkout);
        Assert.Equal((1, 1), (a.Asked, b.Asked));

        await checkout.Pass(TimeSpan.FromMinutes(2));
        var again = checkout.Clock.GetUtcNow();
        var session = (await ChooseAndWait(checkout)).Session;
        Assert.Equal((2, 2), (a.Asked, b.Asked));
        Assert.Equal([("FedEx_Ground", again), ("UPS_Ground", first)], session.ShippingRates!.Select(rate => (rate.Id, rate.AsOf!.Value)));

        // Whoever was down is asked again at once.
        b.IsDown = false;
        session = (await ChooseAndWait(checkout)).Session;
        Assert.Equal((3, 3), (a.Asked, b.Asked));
        Assert.All(session.ShippingRates!, rate => Assert.True(rate.AsOf >= again));
    }

    [Fact]
    public async Task Carriers_that_gave_no_rate_are_told_of_beside_the_rates()
    {
        (a.IsDown, a.Rates, a.Messages) = (false, [Rate("FedEx_Ground", 1000, "a")], ["UPS: Lane not served", "DhlEcs: shipment.options.merchant_id is required"]);
        using var checkout = await Estimated(choose: false);
        Assert.Equal([new(MessageSeverity.Info, "carrier_unavailable", "UPS: Lane not served", "/shipping_rates")], (await checkout.Session()).Messages);
    }

    private async Task<ThreeDSecureCheckout> Estimated(bool choose = true)
    {
        var checkout = new ThreeDSecureCheckout(rates: [a, b], shipping: WithTable);
        await checkout.Prepare();
        await checkout.Start(choose);
        return checkout;
    }

    private static void Recover(Carriers carriers, params ShippingRate[] rates) => (carriers.IsDown, carriers.Rates) = (false, rates);

    private static async Task<CommandAnswer> PayAndWait(ThreeDSecureCheckout checkout, long? agreed = Seen)
    {
        var command = await checkout.Pay(Cards.Good, agreed);
        await checkout.Pass(TimeSpan.FromSeconds(10));
        return (await checkout.FullAnswerTo(command))!;
    }

    private static async Task<CommandAnswer> ChooseAndWait(ThreeDSecureCheckout checkout)
    {
        var command = await checkout.Choose("FedEx_Ground");
        await checkout.Settle();
        return (await checkout.FullAnswerTo(command))!;
    }

    private static Task<(long Shipping, long Total)> Order(ThreeDSecureCheckout checkout) => checkout.Shop.Read(connection =>
        connection.QuerySingleAsync<(long, long)>("SELECT shipping_cost, grand_total FROM orders WHERE state = 'placed'"));

    private static ShippingRate Rate(string id, long cost, string provider) => ShippingActivitiesTests.Rate(id, cost, provider);

    private sealed class Carriers(string name) : IRateProvider
    {
        public string Name => name;

        public bool IsDown { get; set; }

        public int Asked { get; private set; }

        public IReadOnlyList<ShippingRate> Rates { get; set; } = [];

        public IReadOnlyList<string> Messages { get; set; } = [];

        public Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation)
        {
            Asked++;
            return IsDown ? throw new ProviderException(Name, "rates", "down") : Task.FromResult(new RateQuote(Rates, Messages));
        }
    }
}
