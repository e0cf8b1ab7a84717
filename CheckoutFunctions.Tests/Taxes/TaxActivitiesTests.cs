using CheckoutFunctions.Domain;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Tests.Providers;

namespace CheckoutFunctions.Tests.Taxes;

public sealed class TaxActivitiesTests
{
    private static readonly Address To = new(null, "1 Main St", null, "Springfield", "IL", "62701", "US");
    private static readonly IReadOnlyList<TaxLine> Lines = [new("TEA-100", "Assam tea", 1, 1250, 0, null)];
    private readonly Taxing first = new("First");
    private readonly Taxing second = new("Second");

    [Fact]
    public async Task The_first_provider_calculates_from_the_shops_address()
    {
        var quote = await Activities().CalculateTax(new("USD", To, 1000, Lines), CancellationToken.None);
        Assert.Equal(new TaxQuote(42, null, "first", new ManualTimeProvider().GetUtcNow()), quote);
        Assert.Equal(new(new ShopOptions().ShipFrom, To), (first.Asked!.From, first.Asked.To));
    }

    [Fact]
    public async Task The_provider_that_calculated_records()
    {
        await Activities().RecordTax(Paid("second"), CancellationToken.None);
        Assert.Null(first.Recorded);
        Assert.Equal(("ord_1", 42), (second.Recorded!.OrderId, second.Recorded.Tax));
    }

    [Fact]
    public async Task The_provider_that_recorded_the_order_records_its_refund()
    {
        var at = new ManualTimeProvider().GetUtcNow();
        await Activities().RecordTaxRefund(new("ref_1", "ord_1", at, "USD", 1042, 42, "second"), CancellationToken.None);
        Assert.Null(first.Refunded);
        Assert.Equal(new TaxRefund("ref_1", "ord_1", at, "USD", 1042, 42), second.Refunded);
    }

    [Fact]
    public async Task A_source_that_is_not_configured_is_an_error() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Activities().RecordTax(Paid("third"), CancellationToken.None));

    private static RecordTax Paid(string source) => new("ord_1", new ManualTimeProvider().GetUtcNow(), "USD", To, 1000, Lines, 42, source);

    private TaxActivities Activities() => new([first, second], new ShopOptions(), new ManualTimeProvider());

    private sealed class Taxing(string name) : ITaxProvider
    {
        public string Name => name;

        public TaxRequest? Asked { get; private set; }

        public TaxDocument? Recorded { get; private set; }

        public TaxRefund? Refunded { get; private set; }

        public Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation)
        {
            Asked = request;
            return Task.FromResult(new TaxAnswer(42));
        }

        public Task Record(TaxDocument document, CancellationToken cancellation)
        {
            Recorded = document;
            return Task.CompletedTask;
        }

        public Task RecordRefund(TaxRefund refund, CancellationToken cancellation)
        {
            Refunded = refund;
            return Task.CompletedTask;
        }
    }
}
