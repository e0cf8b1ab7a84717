using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Taxes;

/// <summary>A refund in TaxJar's words: negative amounts, spread over the recorded order's lines and shipping.</summary>
internal static class TaxJarRefundWire
{
    public static TaxJarRefund Refund(TaxRefund refund, TaxJarShownOrder order, ProviderResponse shown)
    {
        var lines = order.LineItems ?? [];
        var weights = lines.Select(line => shown.Minor((line.UnitPrice * line.Quantity) - line.Discount, refund.Currency)).Append(shown.Minor(order.Shipping, refund.Currency)).ToList();
        var shares = TaxShares.Of(refund.Amount - refund.Tax, weights);
        return new(
            refund.RefundId,
            refund.OrderId,
            refund.RefundedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            order.FromCountry, order.FromZip, order.FromState, order.FromCity, order.FromStreet,
            order.ToCountry, order.ToZip, order.ToState, order.ToCity, order.ToStreet,
            Negative(refund.Amount - refund.Tax),
            Negative(shares[^1]),
            Negative(refund.Tax),
            [.. lines.Select((line, index) => new TaxJarRefundLine(
                (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), 1, line.ProductIdentifier, line.Description, line.ProductTaxCode, Negative(shares[index])))]);

        decimal Negative(long minor) => Currencies.ToMajor(-minor, refund.Currency);
    }
}

internal sealed record TaxJarRefund(
    string TransactionId, string TransactionReferenceId, string TransactionDate,
    string? FromCountry, string? FromZip, string? FromState, string? FromCity, string? FromStreet,
    string ToCountry, string? ToZip, string? ToState, string? ToCity, string? ToStreet,
    decimal Amount, decimal Shipping, decimal SalesTax,
    IReadOnlyList<TaxJarRefundLine> LineItems);

internal sealed record TaxJarRefundLine(string Id, int Quantity, string? ProductIdentifier, string? Description, string? ProductTaxCode, decimal UnitPrice);

internal sealed record TaxJarOrderShown(TaxJarShownOrder Order);

internal sealed record TaxJarShownOrder(
    string ToCountry, decimal Shipping,
    string? FromCountry = null, string? FromZip = null, string? FromState = null, string? FromCity = null, string? FromStreet = null,
    string? ToZip = null, string? ToState = null, string? ToCity = null, string? ToStreet = null,
    IReadOnlyList<TaxJarShownLine>? LineItems = null);

internal sealed record TaxJarShownLine(
    decimal UnitPrice, int Quantity = 1, decimal Discount = 0, string? ProductIdentifier = null, string? Description = null, string? ProductTaxCode = null);

internal sealed record TaxJarRefundShown(TaxJarRecordedRefund Refund);

internal sealed record TaxJarRecordedRefund(string TransactionId, string TransactionReferenceId, decimal Amount, decimal SalesTax);
