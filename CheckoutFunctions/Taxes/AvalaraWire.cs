using System.Globalization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Taxes;

/// <summary>What is sent to AvaTax. Amounts in major units; a line's is its total, its discount taken off. What is too long for a field is cut.</summary>
internal static class AvalaraWire
{
    /// <summary>Exemptions go by customer, and this shop's buyers are none that AvaTax knows. No name or e-mail leaves the shop.</summary>
    private const string Customer = "guest";

    private const string ShippingLine = "shipping";

    public static AvalaraDocument Estimate(TaxRequest request, AvalaraOptions options, DateTimeOffset now) =>
        new("SalesOrder", null, options.CompanyCode, Date(now), Customer, request.Currency, Addresses(request), Lines(request, options), Commit: false);

    /// <summary>AvaTax would calculate anew; the override makes its tax the one that the buyer paid.</summary>
    public static AvalaraDocument Invoice(TaxDocument document, AvalaraOptions options) => new(
        "SalesInvoice",
        document.OrderId,
        options.CompanyCode,
        Date(document.PlacedAt),
        Customer,
        document.Taxed.Currency,
        Addresses(document.Taxed),
        Lines(document.Taxed, options),
        Commit: true,
        new("TaxAmount", Currencies.ToMajor(document.Tax, document.Taxed.Currency), "Tax as the buyer paid it"));

    /// <summary>A part of a recorded order, negative, spread over what AvaTax has of it and taxed at that day's rules.</summary>
    public static AvalaraDocument Return(TaxRefund refund, AvalaraTransaction order, AvalaraAddresses addresses, IReadOnlyList<long> weights, AvalaraOptions options)
    {
        var shares = TaxShares.Of(refund.Amount - refund.Tax, weights);
        return new(
            "ReturnInvoice",
            refund.RefundId,
            options.CompanyCode,
            Date(refund.RefundedAt),
            Customer,
            refund.Currency,
            addresses,
            [.. order.Lines!.Select((line, index) => new AvalaraLine(line.LineNumber, 1, Negative(shares[index]), line.TaxCode, line.ItemCode, line.Description))],
            Commit: true,
            new("TaxAmount", Negative(refund.Tax), "Return", order.Date),
            refund.OrderId);

        decimal Negative(long minor) => Currencies.ToMajor(-minor, refund.Currency);
    }

    /// <summary>What our line is called there.</summary>
    public static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);

    public static bool IsShipping(string? number) => number == ShippingLine;

    private static List<AvalaraLine> Lines(TaxRequest request, AvalaraOptions options)
    {
        var lines = request.Lines.Select((line, index) => new AvalaraLine(
            Number(index), line.Quantity, Currencies.ToMajor(line.Net, request.Currency), options.TaxCodeOf(line.TaxCode), Cut(line.Sku, 50), Cut(line.Name, 2096))).ToList();
        if (request.Shipping > 0)
            lines.Add(new(ShippingLine, 1, Currencies.ToMajor(request.Shipping, request.Currency), options.ShippingTaxCode, null, "Shipping"));
        return lines;
    }

    private static AvalaraAddresses Addresses(TaxRequest request) => new(AddressOf(request.From), AddressOf(request.To));

    private static AvalaraAddress AddressOf(Address address) => new(
        Cut(address.Line1, 100), Cut(address.Line2, 100), Cut(address.City, 50), address.State, address.Country, Cut(address.Zip, 11));

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Cut(string? text, int longest) => string.IsNullOrWhiteSpace(text) ? null : text.Length <= longest ? text : text[..longest];
}

internal sealed record AvalaraDocument(
    string Type, string? Code, string CompanyCode, string Date, string CustomerCode, string CurrencyCode,
    AvalaraAddresses Addresses, IReadOnlyList<AvalaraLine> Lines, bool Commit, AvalaraOverride? TaxOverride = null, string? ReferenceCode = null);

internal sealed record AvalaraAddresses(AvalaraAddress ShipFrom, AvalaraAddress ShipTo);

internal sealed record AvalaraAddress(string? Line1, string? Line2, string? City, string? Region, string Country, string? PostalCode);

internal sealed record AvalaraLine(string? Number, int Quantity, decimal Amount, string? TaxCode, string? ItemCode, string? Description);

internal sealed record AvalaraOverride(string Type, decimal TaxAmount, string Reason, string? TaxDate = null);
