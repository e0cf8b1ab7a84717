using System.Net;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Taxes;

/// <summary>What every tax provider promises.</summary>
public abstract class TaxProviderContract : ProviderContract, IAsyncLifetime
{
    protected static readonly Address To = new("Ada Lovelace", "12 Analytical Rd", "Apt 7", "Springfield", "IL", "62701", "US");
    protected static readonly IReadOnlyList<TaxLine> Lines = [new("TEA-100", "Assam tea", 2, 1250, 250, "40030"), new("MUG-001", "Mug", 1, 1800, 0, null)];
    private TestShop shop = null!;

    protected ITaxProvider Recorder => Services.GetRequiredService<ITaxProvider>();

    /// <summary>The provider's words for: 3.37.</summary>
    protected abstract void Taxes();

    /// <summary>… nothing to collect there.</summary>
    protected abstract void CollectsNothing();

    /// <summary>… that ZIP isn't in that state.</summary>
    protected abstract void RefusesTheAddress();

    /// <summary>The order isn't recorded yet: it takes it.</summary>
    protected abstract void TakesTheOrder();

    /// <summary>The order is there already, with that tax.</summary>
    protected abstract void HasTheOrder(string tax);

    /// <summary>The order is there, of 40.50 and 10.00 for shipping; its refund isn't.</summary>
    protected abstract void TakesTheRefund();

    /// <summary>The order is there, and its refund of 10.10 too, with that tax.</summary>
    protected abstract void HasTheRefund(string tax);

    /// <summary>The order isn't there.</summary>
    protected abstract void HasNoOrder();

    public async Task InitializeAsync() => shop = await TestShop.InMemory();

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_tax_comes_in_minor_units_with_its_source_and_time()
    {
        Taxes();
        Assert.Equal(new(337, null, Provider.ToLowerInvariant(), Time.GetUtcNow()), await Calculate());
    }

    [Fact]
    public async Task Nothing_to_collect_is_an_answer()
    {
        CollectsNothing();
        var quote = await Calculate();
        Assert.Equal((0, null), (quote.Amount, quote.Refusal));
    }

    [Fact]
    public async Task An_address_that_can_not_be_taxed_is_refused_with_the_reason()
    {
        RefusesTheAddress();
        Assert.Contains("99999", (await Calculate()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paid_order_is_recorded_once()
    {
        TakesTheOrder();
        await Record();
        HasTheOrder("3.37");
        await Record();
    }

    [Fact]
    public async Task An_order_recorded_with_another_tax_is_a_fault()
    {
        HasTheOrder("3.36");
        await Assert.ThrowsAsync<ProviderException>(Record);
    }

    [Fact]
    public async Task A_provider_that_is_down_while_recording_is_a_fault()
    {
        Fake.Fails();
        await Assert.ThrowsAsync<ProviderException>(Record);
        await Assert.ThrowsAsync<ProviderException>(Refund);
    }

    [Fact]
    public async Task A_wrong_key_records_nothing_and_says_so()
    {
        Fake.Answers(WrongKey.Status, WrongKey.Body);
        Assert.Contains("answered 401", (await Assert.ThrowsAsync<ProviderException>(Record)).Message, StringComparison.Ordinal);
        Assert.Contains("answered 401", (await Assert.ThrowsAsync<ProviderException>(Refund)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refund_is_recorded_once()
    {
        TakesTheRefund();
        await Refund();
        HasTheRefund("0.67");
        await Refund();
    }

    [Fact]
    public async Task A_refund_recorded_with_another_tax_is_a_fault()
    {
        HasTheRefund("0.66");
        await Assert.ThrowsAsync<ProviderException>(Refund);
    }

    [Fact]
    public async Task A_refund_of_an_order_that_is_not_recorded_yet_is_a_fault_and_is_not_sent()
    {
        HasNoOrder();
        await Assert.ThrowsAsync<ProviderException>(Refund);
        Assert.Equal(HttpMethod.Get, Assert.Single(Fake.Requests).Method);
    }

    protected override void Add(IServiceCollection services, IConfiguration configuration) => services.AddSingleton(shop.Database).AddTaxes(configuration);

    protected override Task Ask(CancellationToken cancellation) => Calculate(cancellation: cancellation);

    protected Task<TaxQuote> Calculate(IReadOnlyList<TaxLine>? lines = null, CancellationToken cancellation = default) =>
        Services.GetRequiredService<TaxActivities>().CalculateTax(new("USD", To, 1000, lines ?? Lines), cancellation);

    protected Task Record() => Services.GetRequiredService<TaxActivities>().RecordTax(
        new("ord_1", new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)), "USD", To, 1000, Lines, 337, Provider.ToLowerInvariant()),
        CancellationToken.None);

    protected Task Refund() => Recorder.RecordRefund(
        new("ref_1", "ord_1", new DateTimeOffset(2030, 5, 6, 7, 8, 9, TimeSpan.FromHours(2)), "USD", 1077, 67), CancellationToken.None);
}
