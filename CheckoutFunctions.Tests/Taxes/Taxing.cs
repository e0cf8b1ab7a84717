using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Providers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Taxes;

/// <summary>A tax provider that says what a test wants, and remembers what it was asked.</summary>
internal sealed class Taxing(string name) : ITaxProvider
{
    public string Name => name;

    public TaxAnswer Answer { get; set; } = new(42);

    public bool IsDown { get; set; }

    /// <summary>Recording fails after it has taken effect, as a time-out may.</summary>
    public bool ForgetsToAnswer { get; set; }

    public List<TaxRequest> Asked { get; } = [];

    public List<TaxDocument> Recorded { get; } = [];

    public List<TaxRefund> Refunded { get; } = [];

    public Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation)
    {
        Asked.Add(request);
        return IsDown ? throw Down("quote") : Task.FromResult(Answer);
    }

    public Task Record(TaxDocument document, CancellationToken cancellation)
    {
        if (IsDown)
            throw Down("record");
        Recorded.Add(document);
        return ForgetsToAnswer ? throw Down("record") : Task.CompletedTask;
    }

    public Task RecordRefund(TaxRefund refund, CancellationToken cancellation)
    {
        Refunded.Add(refund);
        return Task.CompletedTask;
    }

    private ProviderException Down(string operation) => new(name, operation, "no answer within 1 s.");
}

/// <summary>Two providers, the shop's database, and the activities over them.</summary>
internal sealed class TaxShop(TestShop shop, TaxOptions options) : IDisposable
{
    public static readonly Address To = new(null, "1 Main St", null, "Springfield", "IL", "62701", "US");

    public static readonly IReadOnlyList<TaxLine> Tea = [new("TEA-100", "Assam tea", 1, 1250, 0, null)];

    private readonly LogLines log = new();

    public static async Task<TaxShop> Open(Sql sql = Sql.Sqlite, TaxOptions? options = null) => new(await TestShop.Open(sql), options ?? new());

    public Taxing First { get; } = new("First");

    public Taxing Second { get; } = new("Second");

    public TestShop Shop => shop;

    public ManualTimeProvider Time => shop.Clock;

    public IEnumerable<string> Logged => log.Lines;

    public EstimatedTaxes Estimates => new([First, Second], shop.Database, Time, NullLogger<EstimatedTaxes>.Instance);

    public TaxActivities Activities => Over(shop.Database, Time, options, LoggerFactory.Create(logging => logging.AddProvider(log)), First, Second);

    public Task<TaxQuote> Quote(Address? to = null, long shipping = 0, IReadOnlyList<TaxLine>? lines = null) =>
        Activities.CalculateTax(new("USD", to ?? To, shipping, lines ?? Tea), CancellationToken.None);

    public Task Record(string source, long tax = 42) => Activities.RecordTax(Paid(source, tax), CancellationToken.None);

    public Task Refund(string source) => Activities.RecordTaxRefund(new("ref_1", "ord_1", Time.GetUtcNow(), "USD", 1042, 42, source), CancellationToken.None);

    /// <summary>The activities over a shop's database and these providers.</summary>
    public static TaxActivities Over(ShopDatabase database, TimeProvider time, TaxOptions options, ILoggerFactory logs, params ITaxProvider[] providers)
    {
        var rates = new LastKnownRates(database, options, time, logs.CreateLogger<LastKnownRates>());
        return new(
            providers,
            new ShopOptions(),
            new TaxLadder(providers, rates, time, logs.CreateLogger<TaxLadder>()),
            new EstimatedTaxes(providers, database, time, logs.CreateLogger<EstimatedTaxes>()));
    }

    public void Dispose() => shop.Dispose();

    private RecordTax Paid(string source, long tax) => new("ord_1", Time.GetUtcNow(), "USD", To, 1000, Tea, tax, source);
}
