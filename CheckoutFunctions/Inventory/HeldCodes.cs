using System.Data.Common;
using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Inventory;

/// <summary>
/// Uses of limited discount codes. A use is held with the stock, in the same transaction, and counts for as long as that is held or sold:
/// of two checkouts with a code's last use, one pays less.
/// </summary>
internal static class HeldCodes
{
    /// <summary>Which of these codes no longer hold, and why.</summary>
    public static async Task<List<LostCode>> Lost(IReadOnlyList<string> codes, DateTimeOffset now, DbTransaction transaction)
    {
        if (codes.Count == 0)
            return [];

        var known = (await transaction.Connection!.QueryAsync<(string Code, long? EndsAt, long? UsesLeft)>(
            $"""
            SELECT code, ends_at, max_uses - (
                SELECT COUNT(*) FROM hold_codes c JOIN holds h ON h.hold_key = c.hold_key WHERE c.code = d.code AND h.state IN ('held', 'sold'))
            FROM discounts d WHERE code {transaction.Connection!.In("codes")}
            """,
            new { codes = codes.ToArray() },
            transaction)).ToDictionary(row => row.Code);
        return codes.Select(code => new LostCode(code, ReasonOf(code))).Where(lost => lost.Reason.Length > 0).ToList();

        string ReasonOf(string code) => known.TryGetValue(code, out var row) switch
        {
            false => "There is no such code any more.",
            true when row.EndsAt <= now.ToUnixTimeMilliseconds() => "The code has expired.",
            true when row.UsesLeft <= 0 => "The code has been used up.",
            _ => "",
        };
    }

    public static Task Hold(string holdKey, IReadOnlyList<string> codes, DbTransaction transaction) => transaction.Connection!.ExecuteAsync(
        "INSERT INTO hold_codes (hold_key, code) VALUES (@holdKey, @code)", codes.Select(code => new { holdKey, code }), transaction);
}
