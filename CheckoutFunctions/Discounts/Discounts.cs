using System.Text.Json.Serialization;
using CheckoutFunctions.Database;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Discounts;

/// <summary>Which of these codes hold now, for this cart.</summary>
public sealed record CheckDiscounts(IReadOnlyList<string> Codes, string Currency);

/// <summary>The rules of the codes that hold, and why the others don't.</summary>
public sealed record DiscountCheck(IReadOnlyList<DiscountRule> Rules, IReadOnlyList<RefusedCode> Refused);

/// <param name="Value">Percent: hundredths of a percent. Amount: minor units. Free shipping: unused.</param>
/// <param name="IsLimited">To so many orders, or until a day: it may no longer hold when the buyer pays.</param>
public sealed record DiscountRule(string Code, DiscountKind Kind, long Value, bool IsLimited = false);

public sealed record RefusedCode(string Code, string Reason);

[JsonConverter(typeof(JsonStringEnumConverter<DiscountKind>))]
public enum DiscountKind
{
    Percent,
    Amount,
    FreeShipping,
}

public sealed class DiscountActivities(DiscountCodes codes)
{
    [Function(nameof(CheckDiscounts))]
    public Task<DiscountCheck> CheckDiscounts([ActivityTrigger] CheckDiscounts request, CancellationToken cancellation) =>
        codes.Check(request, cancellation);
}

public sealed class DiscountCodes(ShopDatabase database, TimeProvider clock)
{
    public Task<DiscountCheck> Check(CheckDiscounts request, CancellationToken cancellation) => database.Read(
        async connection =>
        {
            var wanted = request.Codes.Select(code => code.Trim().ToUpperInvariant()).Distinct(StringComparer.Ordinal).ToArray();
            var known = (await connection.QueryAsync<(string Code, string Kind, long Value, string? Currency, long? EndsAt, long? UsesLeft)>(
                $"""
                SELECT code, kind, value, currency, ends_at, max_uses - (
                    SELECT COUNT(*) FROM hold_codes c JOIN holds h ON h.hold_key = c.hold_key WHERE c.code = discounts.code AND h.state IN ('held', 'sold'))
                FROM discounts WHERE code {connection.In("wanted")}
                """,
                new { wanted })).ToDictionary(row => row.Code);

            var rules = new List<DiscountRule>();
            var refused = new List<RefusedCode>();
            foreach (var code in wanted)
            {
                if (!known.TryGetValue(code, out var row))
                    refused.Add(new(code, "There is no such code."));
                else if (row.EndsAt <= clock.GetUtcNow().ToUnixTimeMilliseconds())
                    refused.Add(new(code, "The code has expired."));
                else if (row.UsesLeft <= 0)
                    refused.Add(new(code, "The code has been used up."));
                else if (row.Kind == "amount" && row.Currency != request.Currency)
                    refused.Add(new(code, $"The code is for {row.Currency} carts."));
                else
                    rules.Add(new(code, Kind(row.Kind), row.Value, row.EndsAt is not null || row.UsesLeft is not null));
            }

            return new DiscountCheck(rules, refused);
        },
        cancellation);

    private static DiscountKind Kind(string kind) => kind switch
    {
        "percent" => DiscountKind.Percent,
        "amount" => DiscountKind.Amount,
        "free_shipping" => DiscountKind.FreeShipping,
        _ => throw new InvalidOperationException($"Unknown kind of discount '{kind}'."),
    };
}

public static class DiscountServices
{
    public static IServiceCollection AddDiscounts(this IServiceCollection services) => services.AddSingleton<DiscountCodes>();
}
