using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Taxes;

/// <summary>
/// Orders that were paid with an estimated tax. Each is recorded at the first provider that works, and at that one only: who was chosen is written
/// before it is asked to record, so that a call whose outcome is unknown is made again there. What that provider would have charged is kept beside it.
/// </summary>
public sealed class EstimatedTaxes(IEnumerable<ITaxProvider> providers, ShopDatabase database, TimeProvider time, ILogger<EstimatedTaxes> logger)
{
    private const string Columns =
        "SELECT order_id AS OrderId, provider AS Provider, currency AS Currency, charged AS Charged, calculated AS Calculated, refusal AS Refusal FROM estimated_taxes";

    public async Task Record(TaxDocument document, CancellationToken cancellation)
    {
        var estimated = await Find(document.OrderId, cancellation) ?? await Choose(document, cancellation);
        await providers.Named(estimated.Provider, document.OrderId).Record(document, cancellation);
        if (await MarkRecorded(document.OrderId, cancellation))
            Report(estimated);
    }

    /// <summary>Who has the order's document. A refund that comes before it is a fault.</summary>
    public async Task<string> RecorderOf(string orderId, CancellationToken cancellation) => (await Find(orderId, cancellation))?.Provider
        ?? throw new InvalidOperationException($"Order {orderId} was taxed by an estimate and isn't recorded at any provider yet.");

    /// <summary>Recorded orders whose estimate wasn't what the provider calculates, newest first.</summary>
    public async Task<IReadOnlyList<EstimatedTax>> Differences(int limit, CancellationToken cancellation) => (await database.Read(
        connection => connection.QueryAsync<EstimatedTax>(
            $"{Columns} WHERE recorded_at IS NOT NULL AND (calculated IS NULL OR calculated <> charged) ORDER BY recorded_at DESC LIMIT @limit", new { limit }),
        cancellation)).ToList();

    /// <summary>The first that can still say what the tax is works; asking changes nothing there.</summary>
    private async Task<EstimatedTax> Choose(TaxDocument document, CancellationToken cancellation)
    {
        var faults = new List<ProviderException>();
        foreach (var provider in providers)
        {
            try
            {
                var answer = await provider.Calculate(document.Taxed, cancellation);
                await Write(document, TaxSources.Of(provider), answer, cancellation);
                return (await Find(document.OrderId, cancellation))!;
            }
            catch (ProviderException fault)
            {
                faults.Add(fault);
            }
        }

        throw new AggregateException($"No tax provider works to record order {document.OrderId}.", faults);
    }

    /// <summary>Whoever comes second takes the first one's choice.</summary>
    private Task<int> Write(TaxDocument document, string provider, TaxAnswer answer, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO estimated_taxes (order_id, provider, currency, charged, calculated, refusal, chosen_at)
            VALUES (@OrderId, @provider, @Currency, @Tax, @calculated, @Refusal, @now) ON CONFLICT (order_id) DO NOTHING
            """,
            new
            {
                document.OrderId,
                provider,
                document.Taxed.Currency,
                document.Tax,
                calculated = answer.Refusal is null ? answer.Amount : (long?)null,
                answer.Refusal,
                now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            transaction),
        cancellation);

    private Task<EstimatedTax?> Find(string orderId, CancellationToken cancellation) => database.Read(
        connection => connection.QuerySingleOrDefaultAsync<EstimatedTax>($"{Columns} WHERE order_id = @orderId", new { orderId }), cancellation);

    private async Task<bool> MarkRecorded(string orderId, CancellationToken cancellation) => await database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE estimated_taxes SET recorded_at = @now WHERE order_id = @orderId AND recorded_at IS NULL",
            new { orderId, now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction),
        cancellation) == 1;

    private void Report(EstimatedTax tax)
    {
        if (tax.Calculated is not { } calculated)
        {
            logger.LogWarning(
                "Order {OrderId} paid an estimated tax of {Charged}; {Provider} recorded it and would not have taxed that address: {Refusal}",
                tax.OrderId, new Money(tax.Charged, tax.Currency), tax.Provider, tax.Refusal);
        }
        else if (calculated != tax.Charged)
        {
            logger.LogWarning(
                "Order {OrderId} paid an estimated tax of {Charged}; {Provider} recorded it and calculates {Calculated}: a difference of {Difference}",
                tax.OrderId, new Money(tax.Charged, tax.Currency), tax.Provider, new Money(calculated, tax.Currency), new Money(calculated - tax.Charged, tax.Currency));
        }
    }
}

/// <summary>What a buyer paid by an estimate and what the provider that recorded it calculates, in minor units; null where it refuses the address.</summary>
public sealed record EstimatedTax(string OrderId, string Provider, string Currency, long Charged, long? Calculated, string? Refusal);
