using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Taxes;

public sealed record CalculateTax(string Currency, Address To, long Shipping, IReadOnlyList<TaxLine> Lines);

/// <summary>The tax in minor units, or why there is none; who said so, and when.</summary>
public sealed record TaxQuote(long Amount, string? Refusal, string Source, DateTimeOffset AsOf);

/// <param name="Source">The quote's: the provider that calculated records.</param>
public sealed record RecordTax(
    string OrderId, DateTimeOffset PlacedAt, string Currency, Address To, long Shipping, IReadOnlyList<TaxLine> Lines, long Tax, string Source);

/// <param name="Source">The quote's: the provider that recorded the order.</param>
public sealed record RecordTaxRefund(string RefundId, string OrderId, DateTimeOffset RefundedAt, string Currency, long Amount, long Tax, string Source);

public sealed class TaxActivities(IEnumerable<ITaxProvider> providers, ShopOptions shop, TimeProvider time)
{
    [Function(nameof(CalculateTax))]
    public async Task<TaxQuote> CalculateTax([ActivityTrigger] CalculateTax request, CancellationToken cancellation)
    {
        var provider = providers.First();
        var answer = await provider.Calculate(new(request.Currency, shop.ShipFrom, request.To, request.Shipping, request.Lines), cancellation);
        return new(answer.Amount, answer.Refusal, SourceOf(provider), time.GetUtcNow());
    }

    [Function(nameof(RecordTax))]
    public Task RecordTax([ActivityTrigger] RecordTax request, CancellationToken cancellation)
    {
        var taxed = new TaxRequest(request.Currency, shop.ShipFrom, request.To, request.Shipping, request.Lines);
        return Provider(request.Source, request.OrderId).Record(new(request.OrderId, request.PlacedAt, taxed, request.Tax), cancellation);
    }

    [Function(nameof(RecordTaxRefund))]
    public Task RecordTaxRefund([ActivityTrigger] RecordTaxRefund request, CancellationToken cancellation) =>
        Provider(request.Source, request.OrderId).RecordRefund(
            new(request.RefundId, request.OrderId, request.RefundedAt, request.Currency, request.Amount, request.Tax), cancellation);

    private ITaxProvider Provider(string source, string orderId) => providers.FirstOrDefault(provider => SourceOf(provider) == source)
        ?? throw new InvalidOperationException($"No tax provider '{source}' is configured to record order {orderId}.");

    private static string SourceOf(ITaxProvider provider) => provider.Name.ToLowerInvariant();
}
