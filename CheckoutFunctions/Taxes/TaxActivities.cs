using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Taxes;

/// <param name="WithinMilliseconds">How long all providers may take together; null: each as long as it may.</param>
public sealed record CalculateTax(
    string Currency,
    Address To,
    long Shipping,
    IReadOnlyList<TaxLine> Lines,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? WithinMilliseconds = null);

/// <summary>The tax in minor units, or why there is none; who said so, and when.</summary>
/// <param name="Source">The provider in small letters, or <c>last_known_rate</c>.</param>
/// <param name="AsOf">When the provider said it; of an estimate, when its oldest rate was last seen.</param>
/// <param name="Estimated">By the last known rates, because no provider could be asked. Histories from before there were any don't have it.</param>
public sealed record TaxQuote(
    long Amount,
    string? Refusal,
    string Source,
    DateTimeOffset AsOf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Estimated = false);

/// <param name="Source">The quote's: the provider that calculated records; an estimate, the first provider that works.</param>
public sealed record RecordTax(
    string OrderId, DateTimeOffset PlacedAt, string Currency, Address To, long Shipping, IReadOnlyList<TaxLine> Lines, long Tax, string Source);

/// <param name="Source">The quote's: it tells which provider recorded the order.</param>
public sealed record RecordTaxRefund(string RefundId, string OrderId, DateTimeOffset RefundedAt, string Currency, long Amount, long Tax, string Source);

public sealed class TaxActivities(IEnumerable<ITaxProvider> providers, ShopOptions shop, TaxLadder ladder, EstimatedTaxes estimates)
{
    [Function(nameof(CalculateTax))]
    public Task<TaxQuote> CalculateTax([ActivityTrigger] CalculateTax request, CancellationToken cancellation) =>
        ladder.Quote(new(request.Currency, shop.ShipFrom, request.To, request.Shipping, request.Lines), cancellation, request.WithinMilliseconds);

    [Function(nameof(RecordTax))]
    public Task RecordTax([ActivityTrigger] RecordTax request, CancellationToken cancellation)
    {
        var taxed = new TaxRequest(request.Currency, shop.ShipFrom, request.To, request.Shipping, request.Lines);
        var document = new TaxDocument(request.OrderId, request.PlacedAt, taxed, request.Tax);
        return request.Source == TaxSources.LastKnownRate
            ? estimates.Record(document, cancellation)
            : providers.Named(request.Source, request.OrderId).Record(document, cancellation);
    }

    [Function(nameof(RecordTaxRefund))]
    public async Task RecordTaxRefund([ActivityTrigger] RecordTaxRefund request, CancellationToken cancellation)
    {
        var source = request.Source == TaxSources.LastKnownRate ? await estimates.RecorderOf(request.OrderId, cancellation) : request.Source;
        await providers.Named(source, request.OrderId).RecordRefund(
            new(request.RefundId, request.OrderId, request.RefundedAt, request.Currency, request.Amount, request.Tax), cancellation);
    }
}
