using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Taxes;

/// <summary>Orders that were paid with an estimated tax of 0.42.</summary>
public abstract class EstimatedTaxesTests(Sql sql) : IAsyncLifetime
{
    private const string Estimate = "last_known_rate";

    private TaxShop shop = null!;

    public async Task InitializeAsync() => shop = await TaxShop.Open(sql);

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task The_first_provider_that_works_records_what_was_charged_and_the_refund_too()
    {
        shop.First.IsDown = true;
        await shop.Record(Estimate);
        Assert.Empty(shop.First.Recorded);
        Assert.Equal(42, Assert.Single(shop.Second.Recorded).Tax);

        shop.First.IsDown = false;
        await shop.Refund(Estimate);
        Assert.Empty(shop.First.Refunded);
        Assert.Single(shop.Second.Refunded);
    }

    [StoreFact]
    public async Task While_all_are_down_it_is_a_fault_and_nobody_is_chosen()
    {
        shop.First.IsDown = shop.Second.IsDown = true;
        await Assert.ThrowsAsync<AggregateException>(() => shop.Record(Estimate));
        shop.Second.IsDown = false;
        await shop.Record(Estimate);
        Assert.Single(shop.Second.Recorded);
    }

    [StoreFact]
    public async Task A_provider_that_may_have_recorded_is_the_only_one_that_is_asked_again()
    {
        shop.First.ForgetsToAnswer = true;
        await Assert.ThrowsAsync<ProviderException>(() => shop.Record(Estimate));
        shop.First.IsDown = true;
        await Assert.ThrowsAsync<ProviderException>(() => shop.Record(Estimate));
        Assert.Empty(shop.Second.Recorded);

        (shop.First.IsDown, shop.First.ForgetsToAnswer) = (false, false);
        await shop.Record(Estimate);
        Assert.Equal([1, 0], new[] { shop.First.Asked.Count, shop.Second.Recorded.Count });
    }

    [StoreFact]
    public async Task A_refund_of_an_order_that_nobody_has_recorded_is_a_fault()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Refund(Estimate));
        Assert.Empty(shop.First.Refunded);
    }

    [StoreFact]
    public async Task What_the_provider_would_have_charged_is_reported_once_and_can_be_looked_up()
    {
        shop.First.Answer = new(50);
        await shop.Record(Estimate);
        await shop.Record(Estimate);
        Assert.Single(shop.Logged, line => line.Contains("Order ord_1 paid an estimated tax of 0.42 USD; first recorded it and calculates 0.5 USD: a difference of 0.08 USD", StringComparison.Ordinal));
        Assert.Equal(new EstimatedTax("ord_1", "first", "USD", 42, 50, null), Assert.Single(await shop.Estimates.Differences(10, CancellationToken.None)));
    }

    [StoreFact]
    public async Task A_provider_that_would_not_have_taxed_the_address_is_reported_too()
    {
        shop.First.Answer = new(0, "No such ZIP.");
        await shop.Record(Estimate);
        Assert.Single(shop.Logged, line => line.Contains("would not have taxed that address: No such ZIP.", StringComparison.Ordinal));
        Assert.Equal(new EstimatedTax("ord_1", "first", "USD", 42, null, "No such ZIP."), Assert.Single(await shop.Estimates.Differences(10, CancellationToken.None)));
    }

    [StoreFact]
    public async Task An_estimate_that_was_right_is_no_news()
    {
        await shop.Record(Estimate);
        Assert.DoesNotContain(shop.Logged, line => line.Contains("ord_1", StringComparison.Ordinal));
        Assert.Empty(await shop.Estimates.Differences(10, CancellationToken.None));
    }
}

public sealed class SqliteEstimatedTaxesTests() : EstimatedTaxesTests(Sql.Sqlite);

public sealed class PostgresEstimatedTaxesTests() : EstimatedTaxesTests(Sql.Postgres);
