using System.Net;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Tests.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Shipping;

/// <summary>What every rate provider promises.</summary>
public abstract class RateProviderContract : ProviderContract
{
    protected static readonly Address To = new("Ada Lovelace", "12 Analytical Rd", null, "Springfield", "IL", "62701", "US");

    /// <summary>The provider's words for: FedEx Ground 10.00 USD in 3 days, FedEx overnight 45.50 USD in 1, USPS 12.00 CAD, and UPS out of order.</summary>
    protected abstract void Quotes();

    /// <summary>… no carrier goes there, UPS says "Lane not served".</summary>
    protected abstract void ServesNoLane();

    /// <summary>… that is no address.</summary>
    protected abstract void RefusesTheAddress();

    [Fact]
    public async Task Rates_of_the_cart_currency_come_cheapest_first_in_minor_units()
    {
        Quotes();
        var quote = await Fetch();
        var provider = Provider.ToLowerInvariant();
        Assert.Equal(
            [
                new("FedEx_Ground", "FedEx", "Ground", 1000, 3, provider, false, Time.GetUtcNow()),
                new("FedEx_StandardOvernight", "FedEx", "StandardOvernight", 4550, 1, provider, false, Time.GetUtcNow()),
            ],
            quote.Rates);
        Assert.Equal(["UPS: Out of order", "USPS: quotes in CAD, not in USD."], quote.Messages);
        Assert.Null(quote.Down);
    }

    [Fact]
    public async Task A_lane_that_nobody_serves_is_an_empty_list_with_the_reason()
    {
        ServesNoLane();
        var quote = await Fetch();
        Assert.Empty(quote.Rates);
        Assert.Equal(["UPS: Lane not served"], quote.Messages);
        Assert.Equal(["UPS: Lane not served"], quote.Notices!);
    }

    [Fact]
    public async Task An_address_that_carriers_refuse_is_an_empty_list_with_the_reason()
    {
        RefusesTheAddress();
        var quote = await Fetch();
        Assert.Empty(quote.Rates);
        Assert.Single(quote.Messages);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_provider_that_wants_to_be_asked_later_is_not_asked_again_here(HttpStatusCode status)
    {
        Fake.Answers(status, """{ "detail": "later" }""", retryAfter: "1");
        Assert.Contains($"answered {(int)status}", (await Assert.ThrowsAsync<ProviderException>(() => Fetch())).Message, StringComparison.Ordinal);
        Assert.Single(Fake.Requests);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_given_up_within_the_budget_of_two_seconds()
    {
        Fake.Hangs();
        var call = Fetch();
        await Fake.Hanging.Task;
        Time.Advance(TimeSpan.FromSeconds(2));
        var fault = await Assert.ThrowsAsync<ProviderException>(() => call);
        Assert.Equal((Provider, "rates"), (fault.Provider, fault.Operation));
    }

    /// <summary>The same service has the same id whoever quotes it, in each quote.</summary>
    [Fact]
    public async Task A_second_quote_has_the_same_ids()
    {
        Quotes();
        var first = await Fetch();
        Assert.Equal(first.Rates.Select(rate => rate.Id), (await Fetch()).Rates.Select(rate => rate.Id));
    }

    [Fact]
    public async Task The_buyers_name_stays_with_the_shop()
    {
        Quotes();
        await Fetch();
        Assert.DoesNotContain("Lovelace", Fake.Requests.Single().Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task For_an_estimate_no_street_is_made_up()
    {
        Quotes();
        await Services.GetRequiredService<ShippingActivities>().FetchShippingRates(new(PostalCodes.PlaceOf("US", "62701")!, 300, "USD"), default);
        var sent = Fake.Requests.Single().Body;
        Assert.Contains("62701", sent, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(sent, "street1")); // the shop's own
    }

    protected override void Add(IServiceCollection services, IConfiguration configuration) => services.AddShipping(configuration);

    protected override Task Ask(CancellationToken cancellation) => Fetch(cancellation: cancellation);

    protected Task<RateQuote> Fetch(int grams = 300, string currency = "USD", CancellationToken cancellation = default) =>
        Services.GetRequiredService<ShippingActivities>().FetchShippingRates(new(To, grams, currency), cancellation);
}
