using System.Text.Json.Nodes;

namespace Sandbox.Avalara;

/// <summary>What a client asks to have taxed or kept, in major units.</summary>
internal sealed record TransactionRequest(
    string Type, string? Code, string Company, string Date, string Customer, string Currency, string? Reference, bool Commit,
    Place From, Place To, IReadOnlyList<TransactionLine> Lines, TaxOverride? Override)
{
    public static readonly string[] Types =
    [
        "SalesOrder", "SalesInvoice", "PurchaseOrder", "PurchaseInvoice", "ReturnOrder", "ReturnInvoice", "InventoryTransferOrder",
        "InventoryTransferInvoice", "ReverseChargeOrder", "ReverseChargeInvoice", "CustomsInvoice", "CustomsOrder", "Any",
    ];

    public bool IsKept => Type.EndsWith("Invoice", StringComparison.Ordinal);

    private bool IsReturn => Type.StartsWith("Return", StringComparison.Ordinal);

    public static TransactionRequest Read(JsonObject body)
    {
        var type = body.OneOf("type", "SalesOrder", Types);
        if (!type.StartsWith("Sales", StringComparison.Ordinal) && !type.StartsWith("Return", StringComparison.Ordinal))
            throw AvalaraRefusal.Unpriced(type);
        if (body.Any("lines") is not JsonArray { Count: > 0 } lines)
            throw new AvalaraRefusal(400, "MissingLine", 311, "A transaction needs a line.", "lines");
        if (body.Number("discount", "") is { } discount && discount != 0)
            throw AvalaraRefusal.Unpriced("discount");
        var addresses = body.Part("addresses") ?? new JsonObject();
        var request = new TransactionRequest(
            type,
            body.Text("code", 50),
            body.Text("companyCode", 50) ?? "DEFAULT",
            body.Date("date") ?? throw AvalaraRefusal.Missing("date"),
            body.Required("customerCode", 50),
            body.Text("currencyCode", 3)?.ToUpperInvariant() ?? "USD",
            body.Text("referenceCode", 1024),
            body.Flag("commit"),
            Place.Read(addresses, "shipFrom"),
            Place.Read(addresses, "shipTo"),
            [.. lines.Select(TransactionLine.Read)],
            body.Part("taxOverride") is { } given ? TaxOverride.Read(given) : null);
        request.CheckSigns();
        return request;
    }

    private void CheckSigns()
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            if (IsReturn ? Lines[i].Amount > 0 : Lines[i].Amount < 0)
                throw AvalaraRefusal.OutOfRange($"lines[{i}].amount", IsReturn ? "negative in a return" : "positive in a sale");
        }
    }
}

/// <summary>One line; FR… codes are shipping, NT isn't taxed.</summary>
internal sealed record TransactionLine(string Number, decimal Quantity, decimal Amount, string TaxCode, string? ItemCode, string? Description)
{
    public bool IsShipping => TaxCode.StartsWith("FR", StringComparison.Ordinal);

    public static TransactionLine Read(JsonNode? node, int index)
    {
        var path = $"lines[{index}].";
        var line = node as JsonObject ?? throw AvalaraRefusal.Malformed($"lines[{index}]", "an object");
        if (line.Flag("taxIncluded", path))
            throw AvalaraRefusal.Unpriced(path + "taxIncluded");
        var quantity = line.Number("quantity", path) ?? 0;
        return new(
            line.Text("number", 50, path) ?? (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
            quantity < 0 ? throw AvalaraRefusal.OutOfRange(path + "quantity", "positive, in a return too") : quantity == 0 ? 1 : quantity,
            line.Number("amount", path) ?? throw AvalaraRefusal.Missing(path + "amount"),
            line.Text("taxCode", 25, path) ?? "P0000000",
            line.Text("itemCode", 50, path),
            line.Text("description", 2096, path));
    }
}

/// <summary>The tax that shall stand instead of the calculated one.</summary>
internal sealed record TaxOverride(decimal Amount, string Reason, string? Date)
{
    private static readonly string[] Types =
        ["None", "TaxAmount", "Exemption", "TaxDate", "AccruedTaxAmount", "DeriveTaxable", "OutOfHarbor", "TaxAmountByTaxType"];

    public static TaxOverride? Read(JsonObject given)
    {
        const string path = "taxOverride.";
        var type = given.OneOf("type", "None", Types, path);
        if (type == "None")
            return null;
        if (type != "TaxAmount")
            throw AvalaraRefusal.Unpriced(path + type);
        return new(
            given.Number("taxAmount", path) ?? throw AvalaraRefusal.Missing(path + "taxAmount"),
            given.Required("reason", 255, path),
            given.Date("taxDate", path));
    }
}
