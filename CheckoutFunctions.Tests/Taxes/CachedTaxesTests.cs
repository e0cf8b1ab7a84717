using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Taxes;

/// <summary>A buyer must never be charged a wrong tax because of a cache.</summary>
public sealed class CachedTaxesTests : IAsyncLifetime
{
    private readonly Taxing provider = new("First");
    private TaxShop shop = null!;
    private CachedTaxes taxes = null!;

    public async Task InitializeAsync()
    {
        shop = await TaxShop.Open();
        taxes = new(provider, TimeSpan.FromMinutes(10), shop.Time);
    }

    public Task DisposeAsync()
    {
        taxes.Dispose();
        shop.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_tax_out_of_the_cache_is_as_old_as_its_provider_said_it()
    {
        var said = shop.Time.GetUtcNow();
        await Quote();
        shop.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(new TaxQuote(42, null, "first", said), await Quote(TaxShop.To with { Name = "Ada" }));
        Assert.Single(provider.Asked);
        shop.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(said.AddMinutes(10), (await Quote()).AsOf);
    }

    [Fact]
    public async Task Whatever_may_change_the_tax_is_asked_for_anew()
    {
        var line = TaxShop.Tea[0];
        await Quote();
        await Quote(TaxShop.To with { Line1 = "2 Main St" });
        await Quote(TaxShop.To with { Line2 = "Apt 1" });
        await Quote(TaxShop.To with { City = "Chatham" });
        await Quote(TaxShop.To with { Zip = "62701-1234" });
        await Quote(shipping: 1);
        await Quote(line: line with { Quantity = 2 });
        await Quote(line: line with { UnitPrice = 1251 });
        await Quote(line: line with { Discount = 1 });
        await Quote(line: line with { TaxCode = "81100" });
        await Quote(line: line with { Sku = "TEA-200" });
        Assert.Equal(11, provider.Asked.Count);
    }

    [Fact]
    public async Task A_new_day_has_new_rates()
    {
        shop.Time.AdvanceTo(new(2030, 1, 1, 23, 59, 0, TimeSpan.Zero));
        await Quote();
        shop.Time.Advance(TimeSpan.FromMinutes(1));
        await Quote();
        Assert.Equal(2, provider.Asked.Count);
    }

    [Fact]
    public async Task A_refusal_and_a_fault_are_asked_again()
    {
        provider.Answer = new(0, "No such ZIP.");
        await Quote();
        provider.IsDown = true;
        await Assert.ThrowsAsync<ProviderException>(() => Quote());
        (provider.Answer, provider.IsDown) = (new(42), false);
        Assert.Equal(42, (await Quote()).Amount);
        Assert.Equal(3, provider.Asked.Count);
    }

    [Fact]
    public async Task The_last_known_rate_is_dated_when_the_provider_stated_it()
    {
        provider.Answer = new(103) { Rates = [new("", 0.0825m)] };
        var said = shop.Time.GetUtcNow();
        await Quote();
        // The same question again, told out of the cache, makes the rate no younger.
        shop.Time.Advance(TimeSpan.FromMinutes(5));
        await Quote();
        provider.IsDown = true;
        shop.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((said, true), (await Quote() is var quote ? quote.AsOf : default, quote.Estimated));
    }

    [Fact]
    public async Task What_is_recorded_is_recorded_at_the_provider()
    {
        var document = new TaxDocument("ord_1", shop.Time.GetUtcNow(), new("USD", TaxShop.To, TaxShop.To, 0, TaxShop.Tea), 42);
        await taxes.Record(document, CancellationToken.None);
        await taxes.Record(document, CancellationToken.None);
        await taxes.RecordRefund(new("ref_1", "ord_1", shop.Time.GetUtcNow(), "USD", 100, 8), CancellationToken.None);
        Assert.Equal((2, 1), (provider.Recorded.Count, provider.Refunded.Count));
    }

    private Task<TaxQuote> Quote(Address? to = null, long shipping = 0, TaxLine? line = null) =>
        TaxShop.Over(shop.Shop.Database, shop.Time, new(), NullLoggerFactory.Instance, taxes)
            .CalculateTax(new("USD", to ?? TaxShop.To, shipping, line is null ? TaxShop.Tea : [line]), CancellationToken.None);
}
