using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Taxes;

public abstract class TaxLadderTests(Sql sql) : IAsyncLifetime
{
    private static readonly IReadOnlyList<TaxLine> TeaAndBook = [new("TEA-100", "Assam tea", 2, 1250, 250, null), new("BOOK-042", "A history of tea", 1, 2499, 0, "81100")];

    private TaxShop shop = null!;

    public async Task InitializeAsync() => shop = await TaxShop.Open(sql);

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task When_the_first_is_down_the_second_says_the_tax()
    {
        shop.First.IsDown = true;
        Assert.Equal(new TaxQuote(42, null, "second", shop.Time.GetUtcNow()), await shop.Quote());
        Assert.Contains(shop.Logged, line => line.Contains("First quote: no answer within 1 s.", StringComparison.Ordinal));
    }

    [StoreFact]
    public async Task A_refusal_is_an_answer_and_nobody_else_is_asked()
    {
        shop.First.Answer = new(0, "No such ZIP.");
        Assert.Equal("No such ZIP.", (await shop.Quote()).Refusal);
        Assert.Empty(shop.Second.Asked);
    }

    [StoreFact]
    public async Task When_all_are_down_and_nothing_is_known_the_first_ones_fault_is_thrown()
    {
        Down();
        Assert.Equal("First", (await Assert.ThrowsAsync<ProviderException>(() => shop.Quote())).Provider);
    }

    [StoreFact]
    public async Task When_all_are_down_the_last_known_rates_of_that_postal_code_say_the_tax_and_their_date()
    {
        await Learn(new TaxRate("", 0.0825m), new TaxRate("81100", 0.01m), new TaxRate(TaxRate.Shipping, 0.05m));
        var seen = shop.Time.GetUtcNow();
        shop.Time.Advance(TimeSpan.FromDays(2));
        Down();
        // 22.50 at 8.25 %, 24.99 at 1 % and 10.00 at 5 %: 1.85625 + 0.2499 + 0.50.
        Assert.Equal(new TaxQuote(261, null, "last_known_rate", seen, Estimated: true), await shop.Quote(shipping: 1000, lines: TeaAndBook));
    }

    [StoreTheory]
    [InlineData("62701-1234", "US", true)]
    [InlineData(" 62701 ", "US", true)]
    [InlineData("62702", "US", false)]
    [InlineData("62701", "MX", false)]
    [InlineData(null, "US", false)]
    public async Task Rates_hold_for_their_postal_code(string? zip, string country, bool holds)
    {
        await Learn(new TaxRate("", 0.0825m));
        Down();
        var elsewhere = TaxShop.To with { Zip = zip, Country = country };
        if (holds)
            Assert.Equal(103, (await shop.Quote(elsewhere)).Amount);
        else
            await Assert.ThrowsAsync<ProviderException>(() => shop.Quote(elsewhere));
    }

    [StoreFact]
    public async Task A_category_without_a_known_rate_is_not_taken_for_untaxed()
    {
        await Learn(new TaxRate("", 0.0825m));
        Down();
        await Assert.ThrowsAsync<ProviderException>(() => shop.Quote(lines: TeaAndBook));
        await Assert.ThrowsAsync<ProviderException>(() => shop.Quote(shipping: 1000));
        await Assert.ThrowsAsync<ProviderException>(() => shop.Quote(lines: [new("TEA-100", "Assam tea", 1, 1250, 1250, null)]));
    }

    [StoreFact]
    public async Task A_rate_that_is_too_old_is_no_rate_and_the_oldest_dates_the_estimate()
    {
        await Learn(new TaxRate("", 0.0825m));
        var seen = shop.Time.GetUtcNow();
        shop.Time.Advance(TimeSpan.FromDays(20));
        await Learn(new TaxRate("81100", 0.01m));
        Down();
        Assert.Equal(seen, (await shop.Quote(lines: TeaAndBook)).AsOf);
        shop.Time.Advance(TimeSpan.FromDays(10));
        await Assert.ThrowsAsync<ProviderException>(() => shop.Quote());
        Assert.Equal(25, (await shop.Quote(lines: [TeaAndBook[1]])).Amount);
    }

    [StoreFact]
    public async Task The_latest_rate_counts_with_its_source_and_a_fresh_one_is_not_written_again()
    {
        await Learn(new TaxRate("", 0.0825m));
        var first = await AsOf();
        shop.Time.Advance(TimeSpan.FromMinutes(59));
        await Learn(new TaxRate("", 0.0825m));
        Assert.Equal(first, await AsOf());
        shop.Time.Advance(TimeSpan.FromMinutes(1));
        await Learn(new TaxRate("", 0.0825m));
        Assert.Equal(first + 3_600_000, await AsOf());

        shop.First.IsDown = true;
        shop.Second.Answer = new(42) { Rates = [new("", 0.09m)] };
        await shop.Quote();
        Assert.Equal("second", await shop.Shop.Ask<string>("SELECT source FROM tax_rates"));
        Down();
        Assert.Equal(113, (await shop.Quote()).Amount);
    }

    [StoreFact]
    public async Task Without_days_nothing_is_estimated()
    {
        using var strict = await TaxShop.Open(sql, new() { LastKnownRateAge = TimeSpan.Zero });
        strict.First.Answer = new(42) { Rates = [new("", 0.0825m)] };
        await strict.Quote();
        strict.First.IsDown = strict.Second.IsDown = true;
        await Assert.ThrowsAsync<ProviderException>(() => strict.Quote());
    }

    [StoreFact]
    public async Task An_untaxed_place_is_known_to_be_untaxed()
    {
        await Learn(new TaxRate("", 0));
        Down();
        Assert.Equal((0, true), (await shop.Quote() is var quote ? quote.Amount : 1, quote.Estimated));
    }

    private Task<long> AsOf() => shop.Shop.Ask<long>("SELECT as_of FROM tax_rates WHERE category = ''");

    private void Down() => shop.First.IsDown = shop.Second.IsDown = true;

    private async Task Learn(params TaxRate[] rates)
    {
        shop.First.Answer = new(42) { Rates = rates };
        await shop.Quote(shipping: 1000, lines: TeaAndBook);
    }
}

public sealed class SqliteTaxLadderTests() : TaxLadderTests(Sql.Sqlite);

public sealed class PostgresTaxLadderTests() : TaxLadderTests(Sql.Postgres);
