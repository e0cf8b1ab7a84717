using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class CachedRatesTests : IDisposable
{
    private static readonly Address Home = new("Ada Lovelace", "12 Analytical Rd", null, "Springfield", "IL", "62701", "US");

    private readonly ManualTimeProvider time = new();
    private readonly Carrier carrier = new();
    private readonly CachedRates rates;

    public CachedRatesTests() => rates = new(carrier, TimeSpan.FromMinutes(10), time);

    public void Dispose() => rates.Dispose();

    [Fact]
    public async Task A_quote_out_of_the_cache_is_as_old_as_its_provider_said_it()
    {
        var said = time.GetUtcNow();
        await Fetch();
        time.Advance(TimeSpan.FromMinutes(9));
        var again = await Fetch();
        Assert.Equal((said, said), (again.AsOf, Assert.Single(again.Rates).AsOf));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(said.AddMinutes(10), (await Fetch()).AsOf);
        Assert.Equal(2, carrier.Asked.Count);
    }

    [Fact]
    public async Task Whoever_lives_there_gets_the_same_quote()
    {
        await Fetch();
        await Fetch(Home with { Name = "Charles Babbage" });
        Assert.Single(carrier.Asked);
    }

    /// <summary>Carriers charge homes, P.O. boxes and remote streets differently within a postal code.</summary>
    [Fact]
    public async Task Another_street_weight_or_currency_is_another_quote()
    {
        await Fetch();
        await Fetch(Home with { Line1 = "PO Box 12" });
        await Fetch(Home with { Line2 = "Apt 7" });
        await Fetch(grams: 301);
        await Fetch(currency: "CAD");
        await Fetch(PostalCodes.PlaceOf("US", "62701"));
        Assert.Equal(6, carrier.Asked.Count);
    }

    [Fact]
    public async Task No_rates_are_asked_for_again()
    {
        carrier.Rates = [];
        await Fetch();
        await Fetch();
        Assert.Equal(2, carrier.Asked.Count);
    }

    [Fact]
    public async Task Of_estimates_so_many_ask_at_a_time_and_no_more_while_who_gives_a_street_is_not_hindered()
    {
        carrier.Answers = new();
        var asking = Enumerable.Range(0, EstimateLimit.AtATime).Select(n => Fetch(Estimated(n))).ToList();
        Assert.Contains("not asked", (await Assert.ThrowsAsync<ProviderException>(() => Fetch(Estimated(99)))).Message, StringComparison.Ordinal);
        var buyer = Fetch();
        carrier.Answers.SetResult();
        await Task.WhenAll([.. asking, buyer]);
        Assert.NotNull(await Fetch(Estimated(99)));
        // Known by now: no place is needed.
        Assert.NotNull(await Fetch(Estimated(0)));
        Assert.Equal(EstimateLimit.AtATime + 2, carrier.Asked.Count);
    }

    private static Address Estimated(int n) => PostalCodes.PlaceOf("US", $"627{n:00}")!;

    private Task<RateQuote> Fetch(Address? to = null, int grams = 300, string currency = "USD") =>
        ShippingActivitiesTests.Over([rates], new(), time).FetchShippingRates(new(to ?? Home, grams, currency), CancellationToken.None);

    private sealed class Carrier : IRateProvider
    {
        public string Name => "Carrier";

        public List<RateRequest> Asked { get; } = [];

        public IReadOnlyList<ShippingRate> Rates { get; set; } = [new("FedEx_Ground", "FedEx", "Ground", 1000, 3, "carrier", false)];

        public TaskCompletionSource? Answers { get; set; }

        public async Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation)
        {
            Asked.Add(request);
            if (Answers is { } answers)
                await answers.Task;
            return new(Rates, []);
        }
    }
}
