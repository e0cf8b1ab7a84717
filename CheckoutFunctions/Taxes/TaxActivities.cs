using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Taxes;

public sealed record CalculateTax(string Currency, Address To, long Shipping, IReadOnlyList<TaxLine> Lines);

/// <summary>The tax in minor units, or why there is none; who said so, and when.</summary>
public sealed record TaxQuote(long Amount, string? Refusal, string Source, DateTimeOffset AsOf);

/// <param name="Source">The quote's: the provider that calculated records.</param>
public sealed record RecordTax(
    string OrderId, DateTimeOffset PlacedAt, string Currency, Address To, long Shipping, IReadOnlyList<TaxLine> Lines, long Tax, string Source);

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
        var provider = providers.FirstOrDefault(provider => SourceOf(provider) == request.Source)
            ?? throw new InvalidOperationException($"No tax provider '{request.Source}' is configured to record order {request.OrderId}.");
        var taxed = new TaxRequest(request.Currency, shop.ShipFrom, request.To, request.Shipping, request.Lines);
        return provider.Record(new(request.OrderId, request.PlacedAt, taxed, request.Tax), cancellation);
    }

    private static string SourceOf(ITaxProvider provider) => provider.Name.ToLowerInvariant();
}
