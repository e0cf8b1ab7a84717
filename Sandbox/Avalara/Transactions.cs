using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.Avalara;

/// <summary>Documents under company, type and code. A committed code is taken; one that was voided or only saved can be written again.</summary>
internal static class Transactions
{
    private const string Kind = "transaction";
    private const string Committed = "Committed";
    private const string Cancelled = "Cancelled";

    private static readonly string[] VoidReasons = ["Unspecified", "PostFailed", "DocDeleted", "DocVoided", "AdjustmentCancelled"];

    public static Answer Create(SqliteConnection connection, JsonObject body, DateTimeOffset now)
    {
        var request = TransactionRequest.Read(body);
        var code = request.Code ?? Ids.Hex("");
        var id = request.IsKept ? RandomNumberGenerator.GetInt32(1_000_000_000, int.MaxValue) : 0L;
        var version = 1;
        if (request.IsKept && Find(connection, request.Company, request.Type, code) is { } before)
        {
            var status = (string)before["status"]!;
            if (status == Committed)
                throw AvalaraRefusal.Status(code, status);
            version = (int)before["version"]! + 1;
        }

        var transaction = TransactionJson.Of(request, code, id, version, now);
        if (request.IsKept)
            Put(connection, request.Company, transaction);
        return Answer.Of(201, transaction).With("Location", $"/api/v2/companies/{transaction["companyId"]}/transactions/{id}");
    }

    /// <summary>Without a type the sale, if there is one under that code.</summary>
    public static Answer Show(SqliteConnection connection, string company, string code, string? type) => Answer.Of(200, Get(connection, company, code, type));

    public static Answer Void(SqliteConnection connection, string company, string code, string? type, JsonObject body)
    {
        var reason = body.OneOf("code", "", VoidReasons);
        if (reason is "" or "Unspecified")
            throw AvalaraRefusal.Missing("code");
        var transaction = Get(connection, company, code, type);
        if ((string)transaction["status"]! == Cancelled)
            throw AvalaraRefusal.Status(code, Cancelled);
        transaction["status"] = Cancelled;
        Put(connection, company, transaction);
        return Answer.Of(200, transaction);
    }

    private static void Put(SqliteConnection connection, string company, JsonObject transaction)
    {
        var (type, code, status) = ((string)transaction["type"]!, (string)transaction["code"]!, (string)transaction["status"]!);
        connection.Put(AvalaraApi.Name, Kind, Key(company, type, code), transaction);
        if (status == Committed)
            connection.Record(new LedgerTaxDocument(AvalaraApi.Name, code, Cents(transaction, "totalAmount"), Cents(transaction, "totalTax"), "committed"));
        if (status == Cancelled)
            connection.Void(AvalaraApi.Name, code);
    }

    private static JsonObject Get(SqliteConnection connection, string company, string code, string? type)
    {
        if (type is not null && !TransactionRequest.Types.Contains(type, StringComparer.OrdinalIgnoreCase))
            throw AvalaraRefusal.Unknown("documentType", type);
        return (type is null ? new[] { "SalesInvoice", "ReturnInvoice" } : [type]).Select(one => Find(connection, company, one, code)).OfType<JsonObject>().FirstOrDefault()
            ?? throw AvalaraRefusal.NotFound(company, code);
    }

    private static JsonObject? Find(SqliteConnection connection, string company, string type, string code) =>
        connection.Get<JsonObject>(AvalaraApi.Name, Kind, Key(company, type, code));

    private static string Key(string company, string type, string code) => $"{company}:{type}:{code}".ToUpperInvariant();

    private static long Cents(JsonObject transaction, string name) => (long)Math.Round(transaction.Number(name)!.Value * 100, MidpointRounding.AwayFromZero);
}
