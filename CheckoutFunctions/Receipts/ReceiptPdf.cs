using System.Globalization;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using UglyToad.PdfPig.Writer;

namespace CheckoutFunctions.Receipts;

/// <summary>Draws a receipt on A4 pages: who sold what to whom, line by line, and how the total comes about.</summary>
public static class ReceiptPdf
{
    private const double Half = 240; // how wide one of two columns is
    private const double Middle = ReceiptSheet.Right - Half;
    private const double NameWidth = 180;
    private const double Sku = ReceiptSheet.Left + 190;
    private const double SkuWidth = 85;
    private const double Quantity = ReceiptSheet.Left + 310; // from here on, right edges
    private const double UnitPrice = ReceiptSheet.Left + 400;
    private const double Total = ReceiptSheet.Right;
    private const double Gap = 16;
    private const double Space = 3;

    public static byte[] Draw(Receipt receipt)
    {
        using var document = new PdfDocumentBuilder();
        document.DocumentInformation.Title = $"Receipt {receipt.Order.OrderId}";
        document.DocumentInformation.Author = receipt.Shop.Name;
        document.DocumentInformation.CreationDate = $"D:{receipt.Order.PlacedAt.UtcDateTime:yyyyMMddHHmmss}Z";
        var sheet = new ReceiptSheet(document);
        DrawHead(receipt, sheet);
        DrawLines(receipt, sheet);
        DrawTotals(receipt, sheet);
        sheet.Number($"Receipt {receipt.Order.OrderId}");
        return document.Build();
    }

    private static void DrawHead(Receipt receipt, ReceiptSheet sheet)
    {
        sheet.Need(0);
        var seller = sheet.Write(ReceiptFont.Title.Wrap(receipt.Shop.Name, Half), ReceiptSheet.Left, ReceiptFont.Title);
        seller = sheet.Write(ReceiptFont.Plain.Wrap(SellerOf(receipt.Shop), Half), ReceiptSheet.Left, ReceiptFont.Plain, from: seller);
        var purchase = sheet.Write(["Receipt"], Middle, ReceiptFont.Title);
        purchase = sheet.Write(ReceiptFont.Plain.Wrap(PurchaseOf(receipt.Order), Half), Middle, ReceiptFont.Plain, from: purchase);
        sheet.Y = Math.Max(seller, purchase) + Gap;
        sheet.Y = sheet.Write(["Sold to"], ReceiptSheet.Left, ReceiptFont.Bold);
        sheet.Y = sheet.Write(ReceiptFont.Plain.Wrap(BuyerOf(receipt.Order), Half), ReceiptSheet.Left, ReceiptFont.Plain) + Gap;
    }

    private static void DrawLines(Receipt receipt, ReceiptSheet sheet)
    {
        var (currency, font) = (receipt.Order.Currency, ReceiptFont.Plain);
        DrawHeading(currency, sheet);
        foreach (var line in receipt.Order.Items)
        {
            var (name, sku) = (font.Wrap(line.Name, NameWidth), font.Wrap(line.Sku, SkuWidth));
            var height = Math.Max(1, Math.Max(name.Count, sku.Count)) * font.LineHeight;
            if (sheet.Need(height))
                DrawHeading(currency, sheet);
            sheet.Write(name, ReceiptSheet.Left, font);
            sheet.Write(sku, Sku, font);
            sheet.WriteTo(Quantity, line.Quantity.ToString(CultureInfo.InvariantCulture), font);
            sheet.WriteTo(UnitPrice, Currencies.Text(line.UnitPrice, currency), font);
            sheet.WriteTo(Total, Currencies.Text(line.LineTotal, currency), font);
            sheet.Y += height + Space;
        }
    }

    /// <summary>Again on each page that lines are on.</summary>
    private static void DrawHeading(string currency, ReceiptSheet sheet)
    {
        var font = ReceiptFont.Bold;
        sheet.Need(4 * font.LineHeight);
        sheet.Write(["Item"], ReceiptSheet.Left, font);
        sheet.Write(["SKU"], Sku, font);
        sheet.WriteTo(Quantity, "Qty", font);
        sheet.WriteTo(UnitPrice, "Unit price", font);
        sheet.WriteTo(Total, $"Total {currency}", font);
        sheet.Y += font.LineHeight + Space;
        sheet.Rule();
        sheet.Y += Space;
    }

    private static void DrawTotals(Receipt receipt, ReceiptSheet sheet)
    {
        var (order, refunds) = (receipt.Order, receipt.Refunds);
        var rows = new List<(ReceiptAmount Amount, ReceiptFont Font)>();
        rows.AddRange(from amount in (IEnumerable<ReceiptAmount>)[new("Subtotal", order.Subtotal), .. receipt.Discounts, receipt.Shipping, receipt.Tax] select (amount, ReceiptFont.Plain));
        rows.Add((new($"Grand total {order.Currency}", order.GrandTotal), ReceiptFont.Bold));
        rows.AddRange(from refund in refunds select (refund, ReceiptFont.Plain));
        if (refunds.Count > 0)
            rows.Add((new("Paid after refunds", order.GrandTotal + refunds.Sum(refund => refund.Amount)), ReceiptFont.Bold));

        // They stay together where they can.
        sheet.Need(Math.Min(400, (rows.Count + 2) * (ReceiptFont.Plain.LineHeight + Space)));
        sheet.Rule(Sku);
        sheet.Y += Space;
        foreach (var (amount, font) in rows)
            DrawTotal(amount, order.Currency, sheet, font);
    }

    private static void DrawTotal(ReceiptAmount amount, string currency, ReceiptSheet sheet, ReceiptFont font)
    {
        var label = font.Wrap(amount.Label, UnitPrice - Sku);
        sheet.Need(label.Count * font.LineHeight);
        var end = sheet.Write(label, Sku, font);
        sheet.WriteTo(Total, Currencies.Text(amount.Amount, currency), font);
        sheet.Y = end + Space;
    }

    private static IEnumerable<string> SellerOf(ShopOptions shop) =>
    [
        .. Given(shop.LegalName),
        .. LinesOf(shop.ShipFrom with { Name = null }),
        .. Given(shop.TaxId, "Tax ID "),
        .. Given(shop.Email),
    ];

    private static IEnumerable<string> PurchaseOf(Order order) =>
    [
        $"Order {order.OrderId}",
        $"Date {order.PlacedAt.UtcDateTime:yyyy-MM-dd} (UTC)",
        $"Payment {order.PaymentId}",
    ];

    private static IEnumerable<string> BuyerOf(Order order) => [.. LinesOf(order.ShipTo), .. Given(order.Email)];

    private static IEnumerable<string> LinesOf(Address address) =>
    [
        .. Given(address.Name),
        .. Given(address.Line1),
        .. Given(address.Line2),
        .. Given(string.Join(' ', new[] { address.City, address.State, address.Zip }.Where(part => part is { Length: > 0 }))),
        .. Given(address.Country),
    ];

    private static IEnumerable<string> Given(string? text, string before = "") => text is { Length: > 0 } ? [before + text] : [];
}
