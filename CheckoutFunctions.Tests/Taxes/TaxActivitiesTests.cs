using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Tests.Taxes;

public sealed class TaxActivitiesTests : IAsyncLifetime
{
    private TaxShop shop = null!;

    public async Task InitializeAsync() => shop = await TaxShop.Open();

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_first_provider_calculates_from_the_shops_address()
    {
        Assert.Equal(new TaxQuote(42, null, "first", shop.Time.GetUtcNow()), await shop.Quote());
        var asked = Assert.Single(shop.First.Asked);
        Assert.Equal((new ShopOptions().ShipFrom, TaxShop.To), (asked.From, asked.To));
        Assert.Empty(shop.Second.Asked);
    }

    [Fact]
    public async Task The_provider_that_calculated_records()
    {
        await shop.Record("second");
        Assert.Empty(shop.First.Recorded);
        var document = Assert.Single(shop.Second.Recorded);
        Assert.Equal(("ord_1", 42), (document.OrderId, document.Tax));
    }

    [Fact]
    public async Task The_provider_that_recorded_the_order_records_its_refund()
    {
        await shop.Refund("second");
        Assert.Empty(shop.First.Refunded);
        Assert.Equal(new TaxRefund("ref_1", "ord_1", shop.Time.GetUtcNow(), "USD", 1042, 42), Assert.Single(shop.Second.Refunded));
    }

    [Fact]
    public Task A_source_that_is_not_configured_is_an_error() => Assert.ThrowsAsync<InvalidOperationException>(() => shop.Record("third"));

    [Fact]
    public void A_quote_that_is_no_estimate_is_written_as_before_there_were_any()
    {
        var quote = new TaxQuote(42, null, "first", shop.Time.GetUtcNow());
        Assert.DoesNotContain("Estimated", JsonSerializer.Serialize(quote), StringComparison.Ordinal);
        Assert.Equal(quote, JsonSerializer.Deserialize<TaxQuote>(JsonSerializer.Serialize(quote)));
        Assert.Contains("\"Estimated\":true", JsonSerializer.Serialize(quote with { Estimated = true }), StringComparison.Ordinal);
    }
}
