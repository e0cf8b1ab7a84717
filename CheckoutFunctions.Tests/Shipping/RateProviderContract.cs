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
        Assert.Equal(["UPS: Out of order"], quote.Messages);
    }

    [Fact]
    public async Task A_lane_that_nobody_serves_is_an_empty_list_with_the_reason()
    {
        ServesNoLane();
        var quote = await Fetch();
        Assert.Empty(quote.Rates);
        Assert.Equal(["UPS: Lane not served"], quote.Messages);
    }

    [Fact]
    public async Task An_address_that_carriers_refuse_is_an_empty_list_with_the_reason()
    {
        RefusesTheAddress();
        var quote = await Fetch();
        Assert.Empty(quote.Rates);
        Assert.Single(quote.Messages);
    }

    protected override void Add(IServiceCollection services, IConfiguration configuration) => services.AddShipping(configuration);

    protected override Task Ask(CancellationToken cancellation) => Fetch(cancellation: cancellation);

    protected Task<RateQuote> Fetch(int grams = 300, string currency = "USD", CancellationToken cancellation = default) =>
        Services.GetRequiredService<ShippingActivities>().FetchShippingRates(new(To, grams, currency), cancellation);
}
