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
            if (await StateOf(request.HoldKey, transaction) is { } state)
                return new Reservation(state is "held" or "sold" ? ReservationOutcome.Held : ReservationOutcome.Released);
            if (await IsClosed(request.CheckoutId, transaction))
                return new Reservation(ReservationOutcome.Released);

            var changes = await PriceChanges(request.Lines, transaction);
            if (changes.Count > 0)
                return new Reservation(ReservationOutcome.PriceChanged, PriceChanges: changes);

            if (await Missing(request.Lines, request.Codes ?? [], transaction) is { } missing)
                return missing;

            await Hold(request, transaction);
            return new Reservation(ReservationOutcome.Held);
        },
        cancellation);

    /// <summary>Makes a hold last longer. One that ended is taken again where its stock is still free; one that was released never.</summary>
    public Task<Reservation> Extend(ExtendHold request, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var state = await StateOf(request.HoldKey, transaction);
            if (state != "sold" && await IsClosed(request.CheckoutId, transaction))
                return new Reservation(ReservationOutcome.Released);
            if (state == "expired" && await TakeAgain(request.HoldKey, transaction) is { } missing)
                return missing;

            await transaction.Connection!.ExecuteAsync(
                "UPDATE holds SET expires_at = @expiresAt WHERE hold_key = @HoldKey AND state = 'held' AND expires_at < @expiresAt",
                new { request.HoldKey, expiresAt = request.ExpiresAt.ToUnixTimeMilliseconds() },
                transaction);
            return new Reservation(state is "held" or "sold" or "expired" ? ReservationOutcome.Held : ReservationOutcome.Released);
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

    /// <summary>Gives back what nobody paid in time: the oldest, and at most so many holds.</summary>
    public Task<int> ExpireHolds(int limit, CancellationToken cancellation) => database.Write(
        transaction => Expire("SELECT hold_key FROM holds WHERE state = 'held' AND expires_at <= @now ORDER BY expires_at LIMIT @limit", new { now = Now, limit }, transaction),
        cancellation);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static Task<string?> StateOf(string holdKey, DbTransaction transaction) =>
        transaction.Connection!.ExecuteScalarAsync<string?>("SELECT state FROM holds WHERE hold_key = @holdKey", new { holdKey }, transaction);

    private static async Task<bool> IsClosed(string checkoutId, DbTransaction transaction) => await transaction.Connection!.ExecuteScalarAsync<long>(
        "SELECT COUNT(*) FROM closed_checkouts WHERE checkout_id = @checkoutId", new { checkoutId }, transaction) > 0;

    private static async Task<int> Expire(string endedHolds, object parameters, DbTransaction transaction)
    {
        var ended = (await transaction.Connection!.QueryAsync<string>(endedHolds, parameters, transaction)).ToList();
        foreach (var key in ended)
            await GiveBack(key, "expired", transaction);
        return ended.Count;
    }

    /// <summary>Why these can't be held; null: they can. What others didn't pay in time stands in nobody's way.</summary>
    private async Task<Reservation?> Missing(IReadOnlyList<HoldLine> lines, IReadOnlyList<string> codes, DbTransaction transaction)
    {
        var missing = await Look();
        if (missing is null)
            return null;

        var freed = await Expire(
            $"""
            SELECT hold_key FROM holds h WHERE state = 'held' AND expires_at <= @now AND (
                EXISTS (SELECT 1 FROM hold_lines l WHERE l.hold_key = h.hold_key AND l.sku {transaction.Connection!.In("skus")})
                OR EXISTS (SELECT 1 FROM hold_codes c WHERE c.hold_key = h.hold_key AND c.code {transaction.Connection!.In("codes")}))
            """,
            new { now = Now, skus = Skus(lines), codes = codes.ToArray() },
            transaction);
        return freed > 0 ? await Look() : missing;

        async Task<Reservation?> Look()
        {
            var lost = await HeldCodes.Lost(codes, clock.GetUtcNow(), transaction);
            if (lost.Count > 0)
                return new(ReservationOutcome.CodeLost, LostCodes: lost);

            var shortages = await Shortages(lines, transaction);
            return shortages.Count > 0 ? new(ReservationOutcome.OutOfStock, shortages) : null;
        }
    }

    /// <summary>Holds again what an ended hold held: all of it, or nothing and why.</summary>
    private async Task<Reservation?> TakeAgain(string key, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        var lines = (await connection.QueryAsync<(string Sku, long Quantity)>("SELECT sku, quantity FROM hold_lines WHERE hold_key = @key", new { key }, transaction)).ToList();
        var codes = (await connection.QueryAsync<string>("SELECT code FROM hold_codes WHERE hold_key = @key", new { key }, transaction)).ToList();
        if (await Missing(lines.Select(line => new HoldLine(line.Sku, (int)line.Quantity, UnitPrice: 0)).ToList(), codes, transaction) is { } missing)
            return missing;

        await connection.ExecuteAsync("UPDATE holds SET state = 'held' WHERE hold_key = @key", new { key }, transaction);
        foreach (var (sku, quantity) in lines)
            await connection.ExecuteAsync("UPDATE stock SET free = free - @quantity, held = held + @quantity WHERE sku = @sku", new { sku, quantity }, transaction);
        return null;
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
            $"SELECT sku, unit_price FROM products WHERE sku {transaction.Connection!.In("skus")}", new { skus = Skus(lines) }, transaction))
            .ToDictionary(row => row.Sku, row => row.Price);
        return lines.Where(line => prices.TryGetValue(line.Sku, out var price) && price != line.UnitPrice)
            .Select(line => new PriceChange(line.Sku, line.UnitPrice, prices[line.Sku]))
            .ToList();
    }

    private static async Task<List<Shortage>> Shortages(IReadOnlyList<HoldLine> lines, DbTransaction transaction)
    {
        var free = (await transaction.Connection!.QueryAsync<(string Sku, long Free)>(
            $"SELECT sku, free FROM stock WHERE sku {transaction.Connection!.In("skus")}", new { skus = Skus(lines) }, transaction))
            .ToDictionary(row => row.Sku, row => row.Free);
        return lines.Where(line => free.GetValueOrDefault(line.Sku) < line.Quantity)
            .Select(line => new Shortage(line.Sku, line.Quantity, free.GetValueOrDefault(line.Sku)))
            .ToList();
    }

    private static string[] Skus(IEnumerable<HoldLine> lines) => [.. lines.Select(line => line.Sku)];

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
