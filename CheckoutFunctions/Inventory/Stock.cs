using System.Data.Common;
using CheckoutFunctions.Database;
using Dapper;

namespace CheckoutFunctions.Inventory;

/// <summary>Stock that is held all or none, with an expiry, and never oversold: each change is one transaction.</summary>
public sealed class Stock(ShopDatabase database, TimeProvider clock)
{
    public Task<Reservation> Reserve(ReserveInventory request, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            await ExpireHolds(transaction);
            var state = await transaction.Connection!.ExecuteScalarAsync<string?>(
                "SELECT state FROM holds WHERE hold_key = @HoldKey", request, transaction);
            if (state is not null)
                return new Reservation(state is "held" or "sold" ? ReservationOutcome.Held : ReservationOutcome.Released);
            if (await transaction.Connection!.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM closed_checkouts WHERE checkout_id = @CheckoutId", request, transaction) > 0)
                return new Reservation(ReservationOutcome.Released);

            var changes = await PriceChanges(request.Lines, transaction);
            if (changes.Count > 0)
                return new Reservation(ReservationOutcome.PriceChanged, PriceChanges: changes);

            var lost = await HeldCodes.Lost(request.Codes ?? [], clock.GetUtcNow(), transaction);
            if (lost.Count > 0)
                return new Reservation(ReservationOutcome.CodeLost, LostCodes: lost);

            var shortages = await Shortages(request.Lines, transaction);
            if (shortages.Count > 0)
                return new Reservation(ReservationOutcome.OutOfStock, shortages);

            await Hold(request, transaction);
            return new Reservation(ReservationOutcome.Held);
        },
        cancellation);

    /// <summary>Gives held stock back. Releasing what was never held leaves a tombstone, so that a reservation still on its way takes nothing.</summary>
    public Task<bool> Release(ReleaseInventory request, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO holds (hold_key, checkout_id, state, expires_at) VALUES (@HoldKey, @CheckoutId, 'released', 0) ON CONFLICT (hold_key) DO NOTHING",
                request,
                transaction);
            return await GiveBack(request.HoldKey, "released", transaction);
        },
        cancellation);

    /// <summary>Takes sold goods back, all lines or none.</summary>
    public Task<bool> Restock(RestockInventory request, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var isNew = await connection.ExecuteAsync(
                "INSERT INTO restocks (restock_key, restocked_at) VALUES (@Key, @now) ON CONFLICT (restock_key) DO NOTHING",
                new { request.Key, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
                transaction) == 1;
            if (isNew)
                await connection.ExecuteAsync("UPDATE stock SET free = free + @Quantity, sold = sold - @Quantity WHERE sku = @Sku", request.Lines, transaction);
            return isNew;
        },
        cancellation);

    /// <summary>Gives back what nobody paid in time.</summary>
    public Task<int> ExpireHolds(CancellationToken cancellation) => database.Write(ExpireHolds, cancellation);

    private async Task<int> ExpireHolds(DbTransaction transaction)
    {
        var expired = (await transaction.Connection!.QueryAsync<string>(
            "SELECT hold_key FROM holds WHERE state = 'held' AND expires_at <= @now",
            new { now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
            transaction)).ToList();
        foreach (var key in expired)
            await GiveBack(key, "expired", transaction);
        return expired.Count;
    }

    private static async Task<bool> GiveBack(string key, string state, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        // An expired hold's stock went back already; from now on it counts as released and can't be revived.
        await connection.ExecuteAsync(
            "UPDATE holds SET state = @state WHERE hold_key = @key AND state = 'expired'", new { key, state }, transaction);
        var changed = await connection.ExecuteAsync(
            "UPDATE holds SET state = @state WHERE hold_key = @key AND state = 'held'", new { key, state }, transaction);
        if (changed == 0)
            return false;

        await connection.ExecuteAsync(
            """
            UPDATE stock SET
                free = free + (SELECT l.quantity FROM hold_lines l WHERE l.hold_key = @key AND l.sku = stock.sku),
                held = held - (SELECT l.quantity FROM hold_lines l WHERE l.hold_key = @key AND l.sku = stock.sku)
            WHERE sku IN (SELECT sku FROM hold_lines WHERE hold_key = @key)
            """,
            new { key },
            transaction);
        return true;
    }

    private static async Task<List<PriceChange>> PriceChanges(IReadOnlyList<HoldLine> lines, DbTransaction transaction)
    {
        var prices = (await transaction.Connection!.QueryAsync<(string Sku, long Price)>(
            "SELECT sku, unit_price FROM products WHERE sku IN @skus", new { skus = lines.Select(line => line.Sku) }, transaction))
            .ToDictionary(row => row.Sku, row => row.Price);
        return lines.Where(line => prices.TryGetValue(line.Sku, out var price) && price != line.UnitPrice)
            .Select(line => new PriceChange(line.Sku, line.UnitPrice, prices[line.Sku]))
            .ToList();
    }

    private static async Task<List<Shortage>> Shortages(IReadOnlyList<HoldLine> lines, DbTransaction transaction)
    {
        var free = (await transaction.Connection!.QueryAsync<(string Sku, long Free)>(
            "SELECT sku, free FROM stock WHERE sku IN @skus", new { skus = lines.Select(line => line.Sku) }, transaction))
            .ToDictionary(row => row.Sku, row => row.Free);
        return lines.Where(line => free.GetValueOrDefault(line.Sku) < line.Quantity)
            .Select(line => new Shortage(line.Sku, line.Quantity, free.GetValueOrDefault(line.Sku)))
            .ToList();
    }

    private static async Task Hold(ReserveInventory request, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(
            "INSERT INTO holds (hold_key, checkout_id, state, expires_at) VALUES (@HoldKey, @CheckoutId, 'held', @expiresAt)",
            new { request.HoldKey, request.CheckoutId, expiresAt = request.ExpiresAt.ToUnixTimeMilliseconds() },
            transaction);
        await HeldCodes.Hold(request.HoldKey, request.Codes ?? [], transaction);
        foreach (var line in request.Lines)
        {
            await connection.ExecuteAsync(
                "INSERT INTO hold_lines (hold_key, sku, quantity) VALUES (@HoldKey, @Sku, @Quantity)",
                new { request.HoldKey, line.Sku, line.Quantity },
                transaction);
            await connection.ExecuteAsync("UPDATE stock SET free = free - @Quantity, held = held + @Quantity WHERE sku = @Sku", line, transaction);
        }
    }
}
