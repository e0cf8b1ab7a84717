using CheckoutFunctions.Database;
using Dapper;
using Microsoft.Extensions.Hosting;

namespace CheckoutFunctions.Inventory;

/// <summary>The demo shop's goods and codes: for trying the checkout out. Written once, into an empty catalog, where <c>Shop__DemoCatalog</c> is true.</summary>
public static class DemoCatalog
{
    public static Task<bool> Seed(ShopDatabase database, CancellationToken cancellation = default) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            if (await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM products", transaction: transaction) > 0)
                return false;

            await connection.ExecuteAsync(
                """
                INSERT INTO products (sku, name, currency, unit_price, tax_code, weight_grams) VALUES
                    ('TEA-100', 'Assam tea, 100 g', 'USD', 1250, NULL, 120),
                    ('MUG-001', 'Stoneware mug', 'USD', 1800, NULL, 380),
                    ('BOOK-042', 'A history of tea', 'USD', 2499, NULL, 520),
                    ('LAMP-007', 'Reading lamp', 'USD', 8999, NULL, 1400),
                    ('LAST-001', 'Teapot, last of its kind', 'USD', 4999, NULL, 900),
                    ('GONE-000', 'Sold-out sampler', 'USD', 999, NULL, 100)
                """,
                transaction: transaction);
            await connection.ExecuteAsync(
                """
                INSERT INTO stock (sku, free) VALUES
                    ('TEA-100', 1000), ('MUG-001', 1000), ('BOOK-042', 1000), ('LAMP-007', 1000), ('LAST-001', 1), ('GONE-000', 0)
                """,
                transaction: transaction);
            await connection.ExecuteAsync(
                """
                INSERT INTO discounts (code, kind, value, ends_at) VALUES
                    ('WELCOME10', 'percent', 1000, NULL), ('FREESHIP', 'free_shipping', 0, NULL), ('EXPIRED5', 'percent', 500, 1735689600000)
                """,
                transaction: transaction);
            return true;
        },
        cancellation);
}

/// <summary>Fills an empty catalog before any trigger runs.</summary>
internal sealed class DemoCatalogSetup(ShopDatabase database) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => DemoCatalog.Seed(database, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
