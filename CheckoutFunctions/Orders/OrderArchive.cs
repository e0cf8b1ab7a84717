using System.Text.Json;
using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Orders;

/// <summary>Orders outlive their checkouts: what they keep of them, and what they lose when a customer's data is erased.</summary>
public sealed class OrderArchive(ShopDatabase database)
{
    /// <summary>Stands where a street was.</summary>
    public const string Erased = "(erased)";

    /// <summary>A checkout's orders, those too that were cancelled.</summary>
    public Task<List<CheckoutOrder>> Of(string checkoutId, CancellationToken cancellation) => database.Read(
        async connection => (await connection.QueryAsync<CheckoutOrder>(
            "SELECT order_id AS OrderId, checkout_id AS CheckoutId, state AS State FROM orders WHERE checkout_id = @checkoutId ORDER BY order_id", new { checkoutId })).ToList(),
        cancellation);

    /// <summary>Before a checkout is forgotten: its order opens to the same secret as before, and can be refunded as before.</summary>
    /// <param name="taxSource">Who recorded the order's tax; null: it isn't paid.</param>
    public Task Keep(string orderId, string secretHash, string? taxSource, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE orders SET secret_hash = @secretHash, tax_source = @taxSource WHERE order_id = @orderId", new { orderId, secretHash, taxSource }, transaction),
        cancellation);

    /// <summary>Orders of who has this e-mail address, in upper or lower case.</summary>
    public Task<List<CheckoutOrder>> OfCustomer(string email, CancellationToken cancellation) => database.Read(
        async connection => (await connection.QueryAsync<CheckoutOrder>(
            "SELECT order_id AS OrderId, checkout_id AS CheckoutId, state AS State FROM orders WHERE lower(email) = @email ORDER BY order_id",
            new { email = email.ToLowerInvariant() })).ToList(),
        cancellation);

    public Task<List<CheckoutOrder>> Named(IReadOnlyCollection<string> orderIds, CancellationToken cancellation) => database.Read(
        async connection => (await connection.QueryAsync<CheckoutOrder>(
            $"SELECT order_id AS OrderId, checkout_id AS CheckoutId, state AS State FROM orders WHERE order_id {connection.In("ids")} ORDER BY order_id",
            new { ids = orderIds.ToArray() })).ToList(),
        cancellation);

    /// <summary>
    /// Takes the e-mail address off an order. Of an order that was cancelled, and of any with <paramref name="address"/>, also the name and the street:
    /// what the tax rests on stays (state, postal code, country).
    /// </summary>
    public Task Erase(string orderId, bool address, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var (state, shipTo) = await connection.QuerySingleAsync<(string, string)>("SELECT state, ship_to FROM orders WHERE order_id = @orderId", new { orderId }, transaction);
            var kept = address || state == "cancelled" ? JsonSerializer.Serialize(JsonSerializer.Deserialize<Address>(shipTo)!.OnlyForTax(Erased)) : shipTo;
            return await connection.ExecuteAsync("UPDATE orders SET email = NULL, ship_to = @kept WHERE order_id = @orderId", new { orderId, kept }, transaction);
        },
        cancellation);
}

/// <param name="State"><c>placed</c> or <c>cancelled</c>.</param>
public sealed record CheckoutOrder(string OrderId, string CheckoutId, string State)
{
    public bool Counts => State != "cancelled";
}

/// <summary>What an order keeps of a checkout that was forgotten.</summary>
/// <param name="SecretHash">Of the client's secret, which opens the order.</param>
/// <param name="TaxSource">Who recorded the order's tax; null: it was never paid.</param>
public sealed record KeptOfCheckout(string SecretHash, string? TaxSource);
