using System.Text;
using System.Text.Json;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Tests.Api;
using Dapper;
using LocalHost.Engine;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>Orders, stock and holds as the shop's file has them, held against the providers' ledger: DESIGN's invariants, at rest.</summary>
internal sealed class Books(string data, IReadOnlyDictionary<string, long> goods)
{
    public static async Task<Books> Open(ShopProcess shop)
    {
        var books = new Books(shop.Data, new Dictionary<string, long>());
        return new(shop.Data, (await books.Stock()).ToDictionary(row => row.Sku, row => row.Free));
    }

    public async Task Hold(IReadOnlyList<AtRest> sessions, IReadOnlyList<LedgerPayment> payments, JsonElement taxDocuments)
    {
        var orders = await Rows<OrderRow>(
            "orders.db", "SELECT order_id AS OrderId, checkout_id AS CheckoutId, state AS State, payment_id AS PaymentId, grand_total AS Total, tax_cost AS Tax, email AS Email FROM orders");
        var placed = orders.Where(order => order.State == "placed").ToList();

        // One order for each completed checkout, with what its buyer was shown; and no other.
        Same(
            sessions.Where(session => session.Status == "COMPLETED").Select(session => (session.CheckoutId, session.OrderId, session.GrandTotal)),
            placed.Select(order => (order.CheckoutId, (string?)order.OrderId, (long?)order.Total)));
        // The ledger is the orders: the same payments, for the same checkouts, of the same amounts, each taken once.
        Same(
            placed.Select(order => (order.PaymentId, (string?)order.CheckoutId, order.Total)),
            payments.Where(payment => payment.Taken != 0).Select(payment => (payment.Id, payment.Reference, payment.Taken)));
        Assert.All(payments, payment => Assert.Contains(payment.State, new[] { "captured", "voided", "declined", "action_required" }));
        // Who is still at the bank has one payment that is neither held nor taken; nobody else has one.
        Same(
            sessions.Where(session => session.Status == "ACTION_REQUIRED").Select(session => (string?)session.CheckoutId),
            payments.Where(payment => payment.State == "action_required").Select(payment => payment.Reference));
        Same(
            placed.Select(order => (order.OrderId, order.Tax)),
            taxDocuments.EnumerateArray().Select(document => (document.GetProperty("id").GetString()!, document.GetProperty("tax").GetInt64())));
        await HoldStock(sessions, placed);
        await HoldReceipts(placed);
    }

    private async Task HoldStock(IReadOnlyList<AtRest> sessions, IReadOnlyList<OrderRow> placed)
    {
        var stock = await Stock();
        Same(goods.Select(pair => (pair.Key, pair.Value)), stock.Select(row => (row.Sku, row.Free + row.Held + row.Sold)));
        Assert.All(stock, row => Assert.True(row is { Free: >= 0, Held: >= 0, Sold: >= 0 }, row.ToString()));

        var paying = sessions.Where(session => session.Status == "ACTION_REQUIRED").Select(session => session.CheckoutId).ToHashSet();
        var holds = await Rows<HeldRow>(
            "orders.db",
            "SELECT holds.checkout_id AS CheckoutId, holds.state AS State, sku AS Sku, quantity AS Quantity FROM hold_lines JOIN holds USING (hold_key)");
        // Only who is at the bank holds anything.
        Same(paying, holds.Where(hold => hold.State == "held").Select(hold => hold.CheckoutId));
        var sold = await Rows<(string OrderId, string Sku, long Quantity)>("orders.db", "SELECT order_id, sku, quantity FROM order_lines");
        var ids = placed.Select(order => order.OrderId).ToHashSet();
        Assert.All(stock, row => Assert.Equal((Held(row.Sku), Sold(row.Sku)), (row.Held, row.Sold)));

        long Held(string sku) => holds.Where(hold => hold.State == "held" && hold.Sku == sku).Sum(hold => hold.Quantity);
        long Sold(string sku) => sold.Where(line => ids.Contains(line.OrderId) && line.Sku == sku).Sum(line => line.Quantity);
    }

    /// <summary>Every buyer who left an e-mail address has a receipt, or it waits: for its turn, or for an operator. And none has one for an order that isn't there.</summary>
    private async Task HoldReceipts(IReadOnlyList<OrderRow> placed)
    {
        var waiting = await Rows<string>("queues.db", "SELECT body FROM messages WHERE queue IN ('order-placed', 'order-placed-poison')");
        var sent = await Rows<string>("orders.db", "SELECT subject_id FROM emails WHERE kind = 'receipt' AND sent_at IS NOT NULL");
        var poison = await Rows<string>("orders.db", "SELECT order_id FROM poison_messages WHERE state <> 'done' AND order_id IS NOT NULL");
        Same(
            placed.Where(order => order.Email is not null).Select(order => order.OrderId),
            Told(waiting, placed).Concat(sent).Concat(poison).Distinct());
        Assert.All(sent, order => Assert.True(File.Exists(Path.Combine(data, "outbox", $"receipt.{order}.eml")), $"There is no receipt of order {order}."));
    }

    /// <summary>Of messages about orders without an address, nothing is left once they were handled.</summary>
    private static IEnumerable<string> Told(IEnumerable<string> messages, IReadOnlyList<OrderRow> placed) => messages
        .Select(body => DurableJson.Deserialize<OrderPlaced>(Encoding.UTF8.GetString(Convert.FromBase64String(body)))!.OrderId)
        .Except(placed.Where(order => order.Email is null).Select(order => order.OrderId));

    private Task<List<StockRow>> Stock() => Rows<StockRow>("orders.db", "SELECT sku AS Sku, free AS Free, held AS Held, sold AS Sold FROM stock");

    private async Task<List<T>> Rows<T>(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(data, file)};Pooling=False");
        return (await connection.QueryAsync<T>(sql)).ToList();
    }

    private static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual) =>
        Assert.Equal(expected.Order().Select(item => $"{item}"), actual.Order().Select(item => $"{item}"));

    private sealed record StockRow(string Sku, long Free, long Held, long Sold);

    private sealed record OrderRow(string OrderId, string CheckoutId, string State, string PaymentId, long Total, long Tax, string? Email);

    private sealed record HeldRow(string CheckoutId, string State, string Sku, long Quantity);
}
