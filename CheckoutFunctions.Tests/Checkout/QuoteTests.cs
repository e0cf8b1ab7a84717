using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Webhooks;
using Dapper;
using Simulation;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>
/// Two teas (2500), shipping (1000) and tax (300): the buyer sees 3800, waits until the quotes are old, and pays with a tolerance of 1 %, which is 38.
/// </summary>
public sealed class QuoteTests
{
    private const long Seen = 3800;

    private readonly Carriers a = new("a");
    private readonly Carriers b = new("b") { Rates = [] };
    private readonly FixedTax tax = new();

    [Theory]
    [InlineData(38, 0)]
    [InlineData(0, 38)]
    [InlineData(19, 19)]
    [InlineData(-38, 0)]
    [InlineData(-19, -19)]
    [InlineData(500, -480)]
    public async Task Within_the_tolerance_the_buyers_price_holds(long shipping, long taxes)
    {
        using var checkout = await Quoted();
        Drift(shipping, taxes);

        var answer = await PayAndWait(checkout, agreed: Seen);

        Assert.Equal((AnswerCode.Ok, 1000, 300, Seen), (answer.Code, answer.Session.ShippingCost!.Value, answer.Session.TaxCost!.Value, answer.Session.GrandTotal!.Value));
        Assert.Equal(Seen, Assert.Single(checkout.Payments.Ledger.Values).Captured);
        Assert.Equal((1000, 300, Seen), await Order(checkout));
        var document = Assert.Single(tax.Documents);
        Assert.Equal((300, 1000), (document.Tax, document.Taxed.Shipping));
    }

    [Theory]
    [InlineData(39, 0)]
    [InlineData(0, 39)]
    [InlineData(20, 19)]
    [InlineData(-39, 0)]
    [InlineData(0, -300)]
    public async Task Beyond_it_nothing_is_charged_and_the_difference_is_shown(long shipping, long taxes)
    {
        using var checkout = await Quoted();
        Drift(shipping, taxes);

        var answer = await PayAndWait(checkout, agreed: Seen);

        Assert.Equal(AnswerCode.TotalsChanged, answer.Code);
        AmountChange[] expected = [new("/shipping_cost", 1000, 1000 + shipping), new("/tax_cost", 300, 300 + taxes), new("/grand_total", Seen, Seen + shipping + taxes)];
        Assert.Equal(expected.Where(change => change.Before != change.After), answer.Changes!);
        Assert.Contains($"The total was 38 USD and is now {new Money(Seen + shipping + taxes, "USD")}", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(checkout.Payments.Ledger);
        var shown = await checkout.Session();
        Assert.Equal((CheckoutStatus.MethodSelected, Seen + shipping + taxes), (shown.Status, shown.GrandTotal));
        Assert.Equal(shown.Subtotal - shown.DiscountTotal + shown.ShippingCost + shown.TaxCost, shown.GrandTotal);

        // What is shown now can be paid.
        Assert.Equal(AnswerCode.Ok, (await PayAndWait(checkout, agreed: shown.GrandTotal)).Code);
        Assert.Equal(shown.GrandTotal, Assert.Single(checkout.Payments.Ledger.Values).Captured);
    }

    [Fact]
    public async Task Without_a_tolerance_a_cent_stops()
    {
        using var checkout = await Quoted(tolerance: 0);
        Drift(1, 0);

        Assert.Equal(AnswerCode.TotalsChanged, (await PayAndWait(checkout)).Code);
    }

    [Fact]
    public async Task A_fraction_of_a_percent_is_a_tolerance_too()
    {
        using var checkout = await Quoted(tolerance: 0.5m);
        Drift(19, 0);
        Assert.Equal(AnswerCode.Ok, (await PayAndWait(checkout)).Code);
    }

    /// <summary>Each is compared with what the buyer saw, not with the last one.</summary>
    [Fact]
    public async Task Small_drifts_dont_add_up_to_a_big_one_unseen()
    {
        using var checkout = await Quoted();
        Drift(30, 0);
        Assert.Equal(AnswerCode.CardDeclined, (await PayAndWait(checkout, Cards.Declined)).Code);
        await checkout.Pass(TimeSpan.FromMinutes(31));
        Drift(60, 0);

        Assert.Equal(AnswerCode.TotalsChanged, (await PayAndWait(checkout)).Code);
    }

    [Fact]
    public async Task Quotes_that_are_young_are_not_asked_for_again()
    {
        using var checkout = await Quoted(age: 29);
        Drift(500, 0);

        Assert.Equal(AnswerCode.Ok, (await PayAndWait(checkout)).Code);
        Assert.Single(checkout.Asked, nameof(FetchShippingRates));
    }

    [Fact]
    public async Task A_rate_that_is_no_longer_offered_must_be_chosen_anew()
    {
        using var checkout = await Quoted();
        a.Rates = [Rate("UPS_Ground", 1000, "a")];

        var answer = await PayAndWait(checkout);

        Assert.Equal((AnswerCode.TotalsChanged, CheckoutStatus.AddressCollected), (answer.Code, answer.Session.Status));
        Assert.Equal([new("/shipping_cost", 1000, null), new("/tax_cost", 300, null), new AmountChange("/grand_total", Seen, null)], answer.Changes!);
        Assert.StartsWith("The chosen shipping method is no longer offered.", answer.Detail, StringComparison.Ordinal);
        Assert.Equal("UPS_Ground", Assert.Single(answer.Session.ShippingRates!).Id);
        Assert.Empty(checkout.Payments.Ledger);
    }

    [Fact]
    public async Task Where_no_carrier_goes_any_more_nothing_is_charged()
    {
        using var checkout = await Quoted();
        a.Rates = [];

        var answer = await PayAndWait(checkout);

        Assert.Equal(AnswerCode.TotalsChanged, answer.Code);
        Assert.Empty(answer.Session.ShippingRates!);
        Assert.Empty(checkout.Payments.Ledger);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task While_providers_are_down_the_buyers_price_holds(bool rates, bool taxes)
    {
        using var checkout = await Quoted(age: 23 * 60);
        (a.IsDown, b.IsDown, tax.IsDown) = (rates, rates, taxes);

        var answer = await PayAndWait(checkout, agreed: Seen);

        Assert.Equal((AnswerCode.Ok, Seen), (answer.Code, answer.Session.GrandTotal));
        Assert.Equal((1000, 300, Seen), await Order(checkout));
    }

    /// <summary>Nothing prolongs a checkout: that is the longest that an old price can hold.</summary>
    [Fact]
    public async Task But_not_for_longer_than_the_checkout_lives()
    {
        using var checkout = await Quoted(age: 24 * 60);
        (a.IsDown, b.IsDown, tax.IsDown) = (true, true, true);

        await checkout.Pay(Cards.Good);
        await checkout.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(CheckoutStatus.Expired, (await checkout.Session()).Status);
        Assert.Empty(checkout.Payments.Ledger);
    }

    [Fact]
    public async Task A_dearer_rate_is_shown_though_the_tax_cant_be_had()
    {
        using var checkout = await Quoted();
        Drift(900, 0);
        tax.IsDown = true;

        var answer = await PayAndWait(checkout);

        Assert.Equal(AnswerCode.TotalsChanged, answer.Code);
        Assert.Equal([new("/shipping_cost", 1000, 1900), new AmountChange("/grand_total", Seen, Seen + 900)], answer.Changes!);
        Assert.Equal((1900, 300, Seen + 900), (answer.Session.ShippingCost!.Value, answer.Session.TaxCost!.Value, answer.Session.GrandTotal!.Value));
        Assert.True(checkout.Clock.GetUtcNow() - answer.Session.Tax!.AsOf > TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task A_rate_whose_provider_is_down_still_stands_beside_the_others()
    {
        b.Rates = [Rate("UPS_NextDayAir", 3500, "b")];
        using var checkout = await Quoted();
        a.IsDown = true;
        b.Rates = [Rate("UPS_NextDayAir", 3600, "b")];

        Assert.Equal((AnswerCode.Ok, Seen), ((await PayAndWait(checkout)).Code, (await checkout.Session()).GrandTotal));
    }

    [Fact]
    public async Task The_catalogs_price_is_no_quote_a_cent_stops_whatever_the_tolerance()
    {
        using var checkout = await Quoted(tolerance: 100);
        await checkout.Shop.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE products SET unit_price = 1251", transaction: transaction));

        var answer = await PayAndWait(checkout);

        Assert.Equal(AnswerCode.TotalsChanged, answer.Code);
        Assert.Equal([new("/subtotal", 2500, 2502), new AmountChange("/grand_total", Seen, Seen + 2)], answer.Changes!);
        // Registered beside the reservation, and never authorized.
        Assert.Equal(PaymentState.Created, Assert.Single(checkout.Payments.Ledger.Values).State);
    }

    /// <summary>Asked for by somebody else 9 minutes ago, and told again: it is old when the provider's word is.</summary>
    [Fact]
    public async Task A_quote_out_of_a_cache_is_as_old_as_it_is()
    {
        using var checkout = new ThreeDSecureCheckout(rates: [a], taxes: [tax]);
        a.SaidBefore = TimeSpan.FromMinutes(9);
        a.Clock = checkout.Clock;
        await checkout.Prepare();
        await checkout.Start();
        Assert.Equal(checkout.Clock.GetUtcNow().AddMinutes(-9), Assert.Single((await checkout.Session()).ShippingRates!).AsOf);
        await checkout.Pass(TimeSpan.FromMinutes(21));
        Drift(500, 0);

        Assert.Equal(AnswerCode.TotalsChanged, (await PayAndWait(checkout)).Code);
    }

    [Fact]
    public async Task Every_quote_shows_its_age()
    {
        using var checkout = await Quoted(age: 7);

        var (session, quotedAt) = (await checkout.Session(), checkout.Clock.GetUtcNow().AddMinutes(-7));

        Assert.All(session.ShippingRates!, rate => Assert.Equal(quotedAt, rate.AsOf));
        Assert.Equal(quotedAt, session.Tax!.AsOf);
    }

    private async Task<ThreeDSecureCheckout> Quoted(decimal tolerance = 1, int age = 31)
    {
        var checkout = new ThreeDSecureCheckout(rates: [a, b], taxes: [tax]) { Limits = new() { QuoteTolerancePercent = tolerance } };
        await checkout.Prepare();
        await checkout.Start();
        Assert.Equal(Seen, (await checkout.Session()).GrandTotal);
        await checkout.Pass(TimeSpan.FromMinutes(age));
        return checkout;
    }

    private void Drift(long shipping, long taxes)
    {
        a.Rates = [Rate("FedEx_Ground", 1000 + shipping, "a")];
        tax.Amount = 300 + taxes;
    }

    private static async Task<CommandAnswer> PayAndWait(ThreeDSecureCheckout checkout, string card = Cards.Good, long? agreed = null)
    {
        var command = await checkout.Pay(card, agreed);
        await checkout.Pass(TimeSpan.FromSeconds(10));
        return (await checkout.FullAnswerTo(command))!;
    }

    private static Task<(long Shipping, long Tax, long Total)> Order(ThreeDSecureCheckout checkout) => checkout.Shop.Read(connection =>
        connection.QuerySingleAsync<(long, long, long)>("SELECT shipping_cost, tax_cost, grand_total FROM orders WHERE state = 'placed'"));

    private static ShippingRate Rate(string id, long cost, string provider) => new(id, id.Split('_')[0], id.Split('_')[1], cost, 3, provider, false);

    private sealed class Carriers(string name) : IRateProvider
    {
        public string Name => name.ToUpperInvariant();

        public bool IsDown { get; set; }

        public IReadOnlyList<ShippingRate> Rates { get; set; } = [Rate("FedEx_Ground", 1000, name)];

        public TimeProvider? Clock { get; set; }

        public TimeSpan SaidBefore { get; set; }

        public Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation) =>
            IsDown ? throw new ProviderException(Name, "rates", "down") : Task.FromResult(Said(Clock?.GetUtcNow() - SaidBefore));

        private RateQuote Said(DateTimeOffset? asOf) => new([.. Rates.Select(rate => rate with { AsOf = asOf })], [], AsOf: asOf);
    }

    private sealed class FixedTax : ITaxProvider
    {
        public string Name => "Fixed";

        public bool IsDown { get; set; }

        public long Amount { get; set; } = 300;

        public List<TaxDocument> Documents { get; } = [];

        public Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation) =>
            IsDown ? throw new ProviderException(Name, "calculate", "down") : Task.FromResult(new TaxAnswer(Amount));

        public Task Record(TaxDocument document, CancellationToken cancellation)
        {
            Documents.Add(document);
            return Task.CompletedTask;
        }

        public Task RecordRefund(TaxRefund refund, CancellationToken cancellation) => Task.CompletedTask;
    }
}
