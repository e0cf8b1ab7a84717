using System.Globalization;
using System.Text.Json.Nodes;

namespace Sandbox.Avalara;

/// <summary>A transaction as AvaTax shows it: estimates have no ids, kept documents have, and say where they were shipped from and to.</summary>
internal static class TransactionJson
{
    private const long Company = 7_000_001;

    public static JsonObject Of(TransactionRequest request, string code, long id, int version, DateTimeOffset now)
    {
        var lines = TaxedLine.Of(request);
        var transaction = new JsonObject
        {
            ["id"] = id,
            ["code"] = code,
            ["companyId"] = Company,
            ["date"] = request.Date,
            ["paymentDate"] = request.Date,
            ["status"] = !request.IsKept ? "Temporary" : request.Commit ? "Committed" : "Saved",
            ["type"] = request.Type,
            ["currencyCode"] = request.Currency,
            ["customerVendorCode"] = request.Customer,
            ["customerCode"] = request.Customer,
            ["reconciled"] = false,
            ["purchaseOrderNo"] = "",
            ["referenceCode"] = request.Reference ?? "",
            ["totalAmount"] = Json.Decimal(lines.Sum(line => line.Line.Amount)),
            ["totalExempt"] = Json.Decimal(lines.Sum(line => line.Line.Amount - line.Taxable)),
            ["totalDiscount"] = Json.Decimal(0),
            ["totalTax"] = Json.Decimal(lines.Sum(line => line.Tax)),
            ["totalTaxable"] = Json.Decimal(lines.Sum(line => line.Taxable)),
            ["totalTaxCalculated"] = Json.Decimal(lines.Sum(line => line.Calculated)),
            ["adjustmentReason"] = "NotAdjusted",
            ["locked"] = false,
            ["version"] = version,
            ["exchangeRateEffectiveDate"] = request.Date,
            ["exchangeRate"] = Json.Decimal(1),
            ["modifiedDate"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["modifiedUserId"] = 1,
            ["taxDate"] = request.Override?.Date ?? request.Date,
            ["lines"] = new JsonArray([.. lines.Select(line => Line(line, request, id))]),
            ["addresses"] = new JsonArray(AddressOf(request.From, id == 0 ? 0 : id + 1, id), AddressOf(request.To, id == 0 ? 0 : id + 2, id)),
            ["summary"] = Summary(lines, request),
        };
        if (request.IsKept)
            Keep(transaction, request, id);
        return transaction;
    }

    private static void Keep(JsonObject transaction, TransactionRequest request, long id)
    {
        transaction["taxOverrideType"] = request.Override is null ? "None" : "TaxAmount";
        transaction["taxOverrideAmount"] = Json.Decimal(request.Override?.Amount ?? 0);
        transaction["taxOverrideReason"] = request.Override?.Reason ?? "";
        transaction["region"] = request.To.Region;
        transaction["country"] = request.To.Country;
        transaction["originAddressId"] = id + 1;
        transaction["destinationAddressId"] = id + 2;
        transaction["locationTypes"] = new JsonArray(Location(id, id + 1, "ShipFrom"), Location(id, id + 2, "ShipTo"));
    }

    private static JsonObject Location(long id, long address, string type) =>
        new() { ["documentLocationTypeId"] = address, ["documentId"] = id, ["documentAddressId"] = address, ["locationTypeCode"] = type };

    private static JsonObject AddressOf(Place place, long id, long transaction) => new()
    {
        ["id"] = id,
        ["transactionId"] = transaction,
        ["boundaryLevel"] = place.Line1 is null ? "Zip5" : "Address",
        ["line1"] = place.Line1 ?? "",
        ["line2"] = place.Line2 ?? "",
        ["line3"] = "",
        ["city"] = place.City ?? "",
        ["region"] = place.Region ?? "",
        ["postalCode"] = place.PostalCode ?? "",
        ["country"] = place.Country,
        ["taxRegionId"] = 1,
        ["latitude"] = "",
        ["longitude"] = "",
    };

    private static JsonObject Line(TaxedLine taxed, TransactionRequest request, long id) => new()
    {
        ["id"] = id,
        ["transactionId"] = id,
        ["lineNumber"] = taxed.Line.Number,
        ["description"] = taxed.Line.Description ?? "",
        ["discountAmount"] = Json.Decimal(0),
        ["exemptAmount"] = Json.Decimal(taxed.Line.Amount - taxed.Taxable),
        ["exemptCertId"] = 0,
        ["isItemTaxable"] = taxed.Line.TaxCode != "NT",
        ["itemCode"] = taxed.Line.ItemCode ?? "",
        ["lineAmount"] = Json.Decimal(taxed.Line.Amount),
        ["quantity"] = Json.Decimal(taxed.Line.Quantity),
        ["reportingDate"] = request.Date,
        ["tax"] = Json.Decimal(taxed.Tax),
        ["taxableAmount"] = Json.Decimal(taxed.Taxable),
        ["taxCalculated"] = Json.Decimal(taxed.Calculated),
        ["taxCode"] = taxed.Line.TaxCode,
        ["taxCodeId"] = 1,
        ["taxDate"] = request.Override?.Date ?? request.Date,
        ["taxIncluded"] = false,
        ["details"] = new JsonArray([.. taxed.Parts.Select(part => Detail(part, request, id))]),
        ["nonPassthroughDetails"] = new JsonArray(),
        ["hsCode"] = "",
        ["costInsuranceFreight"] = Json.Decimal(0),
        ["vatCode"] = "",
        ["vatNumberTypeId"] = 0,
    };

    private static JsonObject Detail(TaxPart part, TransactionRequest request, long id) => new()
    {
        ["id"] = id,
        ["transactionLineId"] = id,
        ["transactionId"] = id,
        ["country"] = request.To.Country,
        ["region"] = request.To.Region,
        ["exemptAmount"] = Json.Decimal(0),
        ["jurisCode"] = part.Code,
        ["jurisName"] = $"{request.To.Region} {part.Jurisdiction}".ToUpperInvariant(),
        ["stateAssignedNo"] = "",
        ["jurisType"] = part.Code,
        ["jurisdictionType"] = part.Jurisdiction,
        ["nonTaxableAmount"] = Json.Decimal(0),
        ["rate"] = Json.Decimal(part.Rate),
        ["tax"] = Json.Decimal(part.Tax),
        ["taxableAmount"] = Json.Decimal(part.Taxable),
        ["taxType"] = "Sales",
        ["taxSubTypeId"] = "S",
        ["taxName"] = $"{request.To.Region} {part.Jurisdiction} TAX".ToUpperInvariant(),
        ["taxAuthorityTypeId"] = 45,
        ["taxCalculated"] = Json.Decimal(part.Calculated),
        ["rateType"] = "General",
        ["rateTypeCode"] = "G",
        ["unitOfBasis"] = "PerCurrencyUnit",
        ["isNonPassThru"] = false,
    };

    private static JsonArray Summary(IReadOnlyList<TaxedLine> lines, TransactionRequest request) => new([.. lines
        .SelectMany(line => line.Parts)
        .GroupBy(part => (part.Jurisdiction, part.Code, part.Rate))
        .Select(parts => new JsonObject
        {
            ["country"] = request.To.Country,
            ["region"] = request.To.Region,
            ["jurisType"] = parts.Key.Jurisdiction,
            ["jurisCode"] = parts.Key.Code,
            ["jurisName"] = $"{request.To.Region} {parts.Key.Jurisdiction}".ToUpperInvariant(),
            ["taxAuthorityType"] = 45,
            ["stateAssignedNo"] = "",
            ["taxType"] = "Sales",
            ["taxSubType"] = "S",
            ["taxName"] = $"{request.To.Region} {parts.Key.Jurisdiction} TAX".ToUpperInvariant(),
            ["rateType"] = "General",
            ["taxable"] = Json.Decimal(parts.Sum(part => part.Taxable)),
            ["rate"] = Json.Decimal(parts.Key.Rate),
            ["tax"] = Json.Decimal(parts.Sum(part => part.Tax)),
            ["taxCalculated"] = Json.Decimal(parts.Sum(part => part.Calculated)),
            ["nonTaxable"] = Json.Decimal(0),
            ["exemption"] = Json.Decimal(0),
        })]);
}
