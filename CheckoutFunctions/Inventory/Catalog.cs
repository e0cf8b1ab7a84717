using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Inventory;

/// <summary>What the shop sells, at the price that counts (minor units).</summary>
public sealed record Product(string Sku, string Name, string Currency, long UnitPrice, string? TaxCode, int WeightGrams)
{
    public LineItem Line(int quantity) => new(Sku, Name, quantity, UnitPrice, TaxCode, WeightGrams);
}

public sealed class Catalog(ShopDatabase database)
{
    /// <summary>The products by SKU; unknown SKUs are absent.</summary>
    public Task<IReadOnlyDictionary<string, Product>> Find(IEnumerable<string> skus, CancellationToken cancellation) => database.Read<IReadOnlyDictionary<string, Product>>(
        async connection =>
        {
            var rows = await connection.QueryAsync<(string Sku, string Name, string Currency, long UnitPrice, string? TaxCode, long Weight)>(
                $"SELECT sku, name, currency, unit_price, tax_code, weight_grams FROM products WHERE sku {connection.In("skus")}", new { skus = skus.ToArray() });
            return rows.Select(row => new Product(row.Sku, row.Name, row.Currency, row.UnitPrice, row.TaxCode, (int)row.Weight))
                .ToDictionary(product => product.Sku, StringComparer.Ordinal);
        },
        cancellation);
}
