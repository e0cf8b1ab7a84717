using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.TaxJar;

/// <summary>Orders and refunds as the seller reported them. Their money comes back as decimal strings, unlike a quote's.</summary>
internal static class Transactions
{
    public const string Order = "order";
    public const string Refund = "refund";

    private static readonly string[] Echoed =
        ["to_zip", "to_street", "to_state", "to_country", "from_zip", "from_street", "from_state", "from_city", "exemption_type", "customer_id"];

    public static Answer Create(SqliteConnection connection, string kind, JsonObject body)
    {
        var transaction = Read(kind, body);
        var id = (string)transaction["transaction_id"]!;
        if (connection.Get<JsonObject>(TaxJarApi.Name, Order, id) is not null || connection.Get<JsonObject>(TaxJarApi.Name, Refund, id) is not null)
            throw new TaxJarRefusal(422, "Provider tranx already imported for your user account");
        connection.Put(TaxJarApi.Name, kind, id, transaction);
        connection.Record(new LedgerTaxDocument(TaxJarApi.Name, id, Cents(body, "amount"), Cents(body, "sales_tax"), "committed"));
        return Answer.Of(201, new JsonObject { [kind] = transaction });
    }

    public static Answer Show(SqliteConnection connection, string kind, string id) =>
        Answer.Of(200, new JsonObject { [kind] = Get(connection, kind, id) });

    public static Answer Delete(SqliteConnection connection, string kind, string id)
    {
        var transaction = Get(connection, kind, id);
        connection.Remove(TaxJarApi.Name, kind, id);
        connection.Void(TaxJarApi.Name, id);
        return Answer.Of(200, new JsonObject { [kind] = transaction });
    }

    private static JsonObject Get(SqliteConnection connection, string kind, string id) =>
        connection.Get<JsonObject>(TaxJarApi.Name, kind, id) ?? throw new TaxJarRefusal(404, "Resource can not be found");

    private static JsonObject Read(string kind, JsonObject body)
    {
        string[] required = ["transaction_id", "transaction_date", "to_country", "to_zip", "to_state", "amount", "shipping", "sales_tax"];
        if ((kind == Refund ? required.Append("transaction_reference_id") : required).FirstOrDefault(name => !body.Has(name)) is { } missing)
            throw TaxJarRefusal.Missing(missing);
        TaxRequest.Place(body);
        TaxRequest.Exemption(body);
        var lines = body.Array("line_items") ?? [];
        CheckAmounts(kind, body, lines);
        var transaction = new JsonObject
        {
            ["transaction_id"] = body["transaction_id"]!.ToString(),
            ["transaction_reference_id"] = body["transaction_reference_id"]?.ToString(),
            ["transaction_date"] = Date(body),
            ["user_id"] = 1,
            ["provider"] = body.Text("provider") ?? "api",
            ["to_city"] = body.Text("to_city")?.ToUpperInvariant(),
            ["from_country"] = body.Text("from_country") ?? "US",
            ["amount"] = Money(body, "amount"),
            ["shipping"] = Money(body, "shipping"),
            ["sales_tax"] = Money(body, "sales_tax"),
            ["line_items"] = new JsonArray([.. lines.Select(Line)]),
        };
        foreach (var name in Echoed)
            transaction[name] = body[name]?.ToString();
        return transaction;
    }

    private static void CheckAmounts(string kind, JsonObject body, JsonArray lines)
    {
        foreach (var name in new[] { "amount", "shipping", "sales_tax" })
        {
            var value = body.Number(name) ?? throw TaxJarRefusal.Bad($"{name} must be a number");
            if (kind == Refund ? value > 0 : value < 0)
                throw TaxJarRefusal.Bad($"{name} must {(kind == Refund ? "not be positive" : "not be negative")}");
        }

        var sum = lines.Select(TaxLine.Read).Sum(line => line.Net) + body.Number("shipping");
        if (lines.Count > 0 && body.Number("amount") != sum)
            throw TaxJarRefusal.Bad("amount must equal the sum of line_items and shipping");
    }

    private static JsonObject Line(JsonNode? node, int index)
    {
        var line = (JsonObject)node!;
        return new()
        {
            ["id"] = index,
            ["quantity"] = (int)(line.Number("quantity") ?? 1),
            ["product_identifier"] = line["product_identifier"]?.ToString(),
            ["description"] = line["description"]?.ToString(),
            ["product_tax_code"] = line["product_tax_code"]?.ToString(),
            ["unit_price"] = Money(line, "unit_price"),
            ["discount"] = Money(line, "discount"),
            ["sales_tax"] = Money(line, "sales_tax"),
        };
    }

    private static string Date(JsonObject body) =>
        DateTimeOffset.TryParse(body["transaction_date"]!.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : throw TaxJarRefusal.Bad("transaction_date is invalid");

    private static string Money(JsonObject from, string name) => (from.Number(name) ?? 0).ToString("0.0###", CultureInfo.InvariantCulture);

    private static long Cents(JsonObject from, string name) => (long)Math.Round(from.Number(name)!.Value * 100, MidpointRounding.AwayFromZero);
}
