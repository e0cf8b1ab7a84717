using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Taxes;

/// <summary>What of TaxJar's bodies is used. Amounts in major units; a line's discount is for the whole line.</summary>
internal static class TaxJarWire
{
    public static TaxJarQuestion Question(TaxRequest request)
    {
        var (from, to) = (request.From, request.To);
        return new(
            from.Country, from.Zip, from.State, from.City, Street(from),
            to.Country, to.Zip, to.State, to.City, Street(to),
            Currencies.ToMajor(request.Shipping, request.Currency),
            Lines(request));
    }

    public static TaxJarOrder Order(TaxDocument document)
    {
        var (from, to, currency) = (document.Taxed.From, document.Taxed.To, document.Taxed.Currency);
        return new(
            document.OrderId,
            document.PlacedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            from.Country, from.Zip, from.State, from.City, Street(from),
            to.Country, to.Zip, to.State, to.City, Street(to),
            Currencies.ToMajor(checked(document.Taxed.Lines.Sum(line => line.Net) + document.Taxed.Shipping), currency), // with the shipping, without the tax
            Currencies.ToMajor(document.Taxed.Shipping, currency),
            Currencies.ToMajor(document.Tax, currency),
            Lines(document.Taxed, described: true));
    }

    private static List<TaxJarLine> Lines(TaxRequest request, bool described = false) => [.. request.Lines.Select((line, index) => new TaxJarLine(
        (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
        line.Quantity,
        described ? line.Sku : null,
        described ? line.Name : null,
        line.TaxCode,
        Currencies.ToMajor(line.UnitPrice, request.Currency),
        Currencies.ToMajor(line.Discount, request.Currency)))];

    private static string? Street(Address address) => address.IsPostalCodeOnly() ? null : address.Line2 is { Length: > 0 } line2 ? $"{address.Line1}, {line2}" : address.Line1;
}

internal sealed record TaxJarQuestion(
    string FromCountry, string? FromZip, string? FromState, string? FromCity, string? FromStreet,
    string ToCountry, string? ToZip, string? ToState, string? ToCity, string? ToStreet,
    decimal Shipping,
    IReadOnlyList<TaxJarLine> LineItems);

internal sealed record TaxJarOrder(
    string TransactionId, string TransactionDate,
    string FromCountry, string? FromZip, string? FromState, string? FromCity, string? FromStreet,
    string ToCountry, string? ToZip, string? ToState, string? ToCity, string? ToStreet,
    decimal Amount, decimal Shipping, decimal SalesTax,
    IReadOnlyList<TaxJarLine> LineItems);

internal sealed record TaxJarLine(
    string Id, int Quantity, string? ProductIdentifier, string? Description, string? ProductTaxCode, decimal UnitPrice, decimal Discount);

internal sealed record TaxJarAnswer(TaxJarTax Tax);

internal sealed record TaxJarTax(decimal AmountToCollect, bool? HasNexus = null, bool? FreightTaxable = null, TaxJarBreakdown? Breakdown = null);

internal sealed record TaxJarOrderAnswer(TaxJarRecordedOrder Order);

internal sealed record TaxJarRecordedOrder(string TransactionId, decimal SalesTax);

internal sealed record TaxJarError(string? Detail = null);
