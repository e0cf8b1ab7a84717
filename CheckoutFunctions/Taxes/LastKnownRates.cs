using System.Data.Common;
using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Taxes;

/// <summary>
/// The rates that providers last stated, by postal code and tax category, with their dates. Only a stand-in: a store that is down
/// hinders no quote, it just can't stand in.
/// </summary>
public sealed class LastKnownRates(ShopDatabase database, TaxOptions options, TimeProvider time, ILogger<LastKnownRates> logger)
{
    /// <summary>Rates are kept in billionths: 0.0825 is 82,500,000.</summary>
    private const decimal Billion = 1_000_000_000;

    /// <summary>A rate that was just confirmed isn't written again: most quotes only read.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <param name="asOf">When the provider stated them; what is known from later stands.</param>
    public async Task Remember(TaxRequest request, IReadOnlyList<TaxRate> rates, string source, DateTimeOffset asOf, CancellationToken cancellation)
    {
        if (rates.Count == 0 || PostalCode(request.To) is not { } postalCode)
            return;

        await UnlessDown<bool>(async () =>
        {
            var known = await Known(request.To.Country, postalCode, cancellation);
            var news = rates.Select(rate => (rate.Category, Rate: (long)Math.Round(rate.Rate * Billion)))
                .Where(rate => !known.TryGetValue(rate.Category, out var before) || (before.Rate != rate.Rate && before.AsOf <= asOf) || before.AsOf <= asOf - Fresh)
                .Select(rate => new { request.To.Country, postalCode, rate.Category, rate.Rate, source, asOf = asOf.ToUnixTimeMilliseconds() })
                .ToList();
            if (news.Count > 0)
                await database.Write(transaction => Write(transaction, news), cancellation);
            return true;
        });
    }

    /// <summary>The tax by rates that are young enough, and the date of the oldest; null if the rate of any part is missing.</summary>
    public async Task<TaxEstimate?> Estimate(TaxRequest request, CancellationToken cancellation)
    {
        var parts = request.Lines.Select(line => (Category: TaxRate.CategoryOf(line), line.Net))
            .Append((Category: TaxRate.Shipping, Net: request.Shipping)).Where(part => part.Net != 0).ToList();
        if (parts.Count == 0 || PostalCode(request.To) is not { } postalCode)
            return null;

        return await UnlessDown<TaxEstimate>(async () =>
        {
            var oldest = time.GetUtcNow() - options.LastKnownRateAge;
            var known = (await Known(request.To.Country, postalCode, cancellation)).Where(rate => rate.Value.AsOf > oldest).ToDictionary(StringComparer.Ordinal);
            if (parts.Any(part => !known.ContainsKey(part.Category)))
                return null;
            var amount = parts.Sum(part => part.Net * known[part.Category].Rate / Billion);
            return new TaxEstimate((long)Math.Round(amount, MidpointRounding.AwayFromZero), parts.Min(part => known[part.Category].AsOf));
        });
    }

    private Task<Dictionary<string, (long Rate, DateTimeOffset AsOf)>> Known(string country, string postalCode, CancellationToken cancellation) => database.Read(
        async connection => (await connection.QueryAsync<(string Category, long Rate, long AsOf)>(
            "SELECT category, rate, as_of FROM tax_rates WHERE country = @country AND postal_code = @postalCode", new { country, postalCode }))
            .ToDictionary(row => row.Category, row => (row.Rate, DateTimeOffset.FromUnixTimeMilliseconds(row.AsOf)), StringComparer.Ordinal),
        cancellation);

    private static Task<int> Write(DbTransaction transaction, object rates) => transaction.Connection!.ExecuteAsync(
        """
        INSERT INTO tax_rates (country, postal_code, category, rate, source, as_of) VALUES (@Country, @postalCode, @Category, @Rate, @source, @asOf)
        ON CONFLICT (country, postal_code, category) DO UPDATE SET rate = excluded.rate, source = excluded.source, as_of = excluded.as_of
        """,
        rates,
        transaction);

    private async Task<T?> UnlessDown<T>(Func<Task<T?>> work)
    {
        try
        {
            return await work();
        }
        catch (DbException fault) when (StoreFault.IsUnavailable(fault))
        {
            logger.LogWarning("The last known tax rates can't be reached: {Fault}", fault.Message);
            return default;
        }
    }

    /// <summary>As it is on the envelope, without what differs from buyer to buyer: ZIP+4, spaces, small letters.</summary>
    private static string? PostalCode(Address to)
    {
        var code = string.Concat((to.Zip ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return code.Length == 0 ? null : to.Country == "US" && code.Length > 5 ? code[..5] : code;
    }
}

/// <summary>A tax by the last known rates, in minor units.</summary>
public sealed record TaxEstimate(long Amount, DateTimeOffset AsOf);
