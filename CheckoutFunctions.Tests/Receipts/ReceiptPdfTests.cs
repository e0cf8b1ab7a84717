using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Receipts;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;

namespace CheckoutFunctions.Tests.Receipts;

public sealed class ReceiptPdfTests
{
    private const double RightEdge = 545;

    private static readonly ShopOptions Shop = new() { Name = "Tea & Books", LegalName = "Tea Trading Ltd.", TaxId = "DE123456789", Email = "orders@tea.example" };

    [Fact]
    public void A_receipt_says_who_sold_what_to_whom_for_how_much()
    {
        var text = Assert.Single(TextOf(Receipt(Line("TEA-100", "Assam tea, 100 g", 2, 1250))));

        Assert.All(
            [
                "Tea & Books", "Tea Trading Ltd.", "388 Townsend St", "San Francisco CA 94107", "Tax ID DE123456789", "orders@tea.example",
                "Order ord_1", "Date 2030-01-01", "Payment pi_1", "Ada L", "1 Main St", "Beverly Hills CA 90210", "ada@example.com",
                "Assam tea, 100 g TEA-100 2 12.50 25.00", "Subtotal 25.00", "Discount WELCOME10 -2.50", "Shipping, FedEx Ground 10.00", "Tax (TaxJar) 8.50",
                "Grand total USD 41.00", "Page 1 of 1",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hundred_lines_go_over_pages_each_once_under_a_heading()
    {
        var pages = TextOf(Receipt([.. Enumerable.Range(1, 100).Select(n => Line($"SKU-{n:000}", $"Product {n:000}", n, 1000))]));

        Assert.InRange(pages.Count, 3, 6);
        Assert.All(pages.Select((text, index) => (text, index)), page => Assert.EndsWith($"Page {page.index + 1} of {pages.Count}", page.text, StringComparison.Ordinal));
        var whole = string.Join(' ', pages);
        Assert.All(Enumerable.Range(1, 100), n => Assert.Equal(2, whole.Split($"Product {n:000} SKU-{n:000} {n} 10.00 {n * 10:N2}").Length));
        Assert.All(pages.Where(page => page.Contains("Product", StringComparison.Ordinal)), page => Assert.Contains("Item SKU Qty Unit price Total USD", page, StringComparison.Ordinal));
        Assert.Contains("Grand total USD 50,516.00", pages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Amounts_end_at_the_right_edge_and_nothing_is_written_outside_of_the_margins()
    {
        using var document = PdfDocument.Open(ReceiptPdf.Draw(Receipt(Line("A", "A", 1, 5), Line("B", "B", 999, 123456789), Line(new('M', 64), new('W', 200), 1, 100))));
        var words = document.GetPages().SelectMany(page => page.GetWords()).ToList();

        Assert.All(words, word => Assert.InRange(word.BoundingBox.Right, 50, RightEdge + 1));
        Assert.All(words, word => Assert.InRange(word.BoundingBox.Left, 49, RightEdge));
        foreach (var amount in new[] { "0.05", "1,233,333,322.11", "10.00", "-2.50", "8.50" })
            Assert.InRange(words.Last(word => word.Text == amount).BoundingBox.Right, RightEdge - 2, RightEdge + 1);
    }

    [Fact]
    public void A_long_name_goes_on_below_and_stays_in_its_column()
    {
        const string Name = "A very long name of a product, with Ümläute, Ελληνικά and Кириллица, and averyverylongwordthathasnospaceatallandmustbebrokensomewhere";
        using var document = PdfDocument.Open(ReceiptPdf.Draw(Receipt(Line("TEA-100", Name, 1, 100))));
        var page = document.GetPage(1);
        var sku = page.GetWords().Single(word => word.Text == "TEA-100").BoundingBox;

        var inColumn = page.Letters.Where(letter => letter.StartBaseLine.X < sku.Left && letter.StartBaseLine.Y <= sku.Top && letter.StartBaseLine.Y > 60).ToList();

        Assert.Equal(Name.Replace(" ", "", StringComparison.Ordinal), string.Concat(inColumn.Select(letter => letter.Value)).Replace(" ", "", StringComparison.Ordinal));
        Assert.InRange(inColumn.Select(letter => Math.Round(letter.StartBaseLine.Y)).Distinct().Count(), 4, 8);
        Assert.All(inColumn, letter => Assert.True(letter.EndBaseLine.X < sku.Left));
    }

    [Fact]
    public void Yen_have_no_decimals()
    {
        var receipt = Receipt(Line("TEA-100", "Assam tea", 2, 1250));

        var text = Assert.Single(TextOf(receipt with { Order = receipt.Order with { Currency = "JPY" } }));

        Assert.Contains("TEA-100 2 1,250 2,500", text, StringComparison.Ordinal);
        Assert.Contains("Grand total JPY 4,100", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_given_back_is_taken_off()
    {
        var text = Assert.Single(TextOf(Receipt(Line("TEA-100", "Assam tea", 2, 1250)) with { Refunds = [new("Refunded 2030-01-05", -1000), new("Refunded 2030-01-06", -100)] }));

        Assert.Contains("Grand total USD 41.00 Refunded 2030-01-05 -10.00 Refunded 2030-01-06 -1.00 Paid after refunds 30.00", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_that_the_font_does_not_have_are_boxes_and_many_different_ones_are_no_problem()
    {
        // Latin, Greek and Cyrillic: more than the 255 that a simple font of a PDF can have.
        var letters = Enumerable.Range(0x100, 0x400).Select(c => (char)c).Where(char.IsLetter).Chunk(60).Select(chunk => new string(chunk)).ToList();
        var lines = letters.Select((name, index) => Line($"SKU-{index}", name, 1, 100)).Append(Line("CJK", "領収書 😀 tea", 1, 100));

        var text = string.Join(' ', TextOf(Receipt([.. lines])));

        Assert.Contains("□□□ □ tea CJK", text, StringComparison.Ordinal);
        Assert.Contains("ЖЗИ", text, StringComparison.Ordinal);
        Assert.Contains("ĀāĂ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_order_gives_the_same_bytes_but_for_the_files_own_id()
    {
        var receipt = Receipt(Line("TEA-100", "Assam tea", 2, 1250));

        Assert.Equal(WithoutId(receipt), WithoutId(receipt));
        Assert.NotEqual(WithoutId(receipt), WithoutId(receipt with { Order = receipt.Order with { OrderId = "ord_2" } }));
    }

    [Fact]
    public void Many_at_once_are_drawn_as_one_after_another()
    {
        var receipts = Enumerable.Range(1, 16).Select(n => Receipt([.. Enumerable.Range(1, n * 5).Select(line => Line($"SKU-{line}", $"Product {line}", n, 100))])).ToList();
        var expected = receipts.ConvertAll(WithoutId);

        var drawn = receipts.AsParallel().AsOrdered().Select(WithoutId).ToList();

        Assert.Equal(expected, drawn);
    }

    /// <summary>Each page's words, in the order in which they were written.</summary>
    internal static IReadOnlyList<string> TextOf(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return [.. document.GetPages().Select(page => string.Join(' ', page.GetWords(new InOrder()).Select(word => word.Text)))];
    }

    private static IReadOnlyList<string> TextOf(Receipt receipt) => TextOf(ReceiptPdf.Draw(receipt));

    private static string WithoutId(Receipt receipt) =>
        System.Text.RegularExpressions.Regex.Replace(System.Text.Encoding.Latin1.GetString(ReceiptPdf.Draw(receipt)), @"/ID \[[^\]]*\]", "");

    private static LineItem Line(string sku, string name, int quantity, long price) => new(sku, name, quantity, price, null, 0);

    private static Receipt Receipt(params LineItem[] lines)
    {
        var subtotal = lines.Sum(line => line.LineTotal);
        var order = new Order(
            "ord_1", "chk_1", "USD", lines, subtotal, 250, 1000, 850, subtotal - 250 + 1000 + 850, "ada@example.com",
            new Address("Ada L", "1 Main St", null, "Beverly Hills", "CA", "90210", "US"), "FedEx_Ground", "pi_1", new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
        return new(Shop, order, [new("Discount WELCOME10", -250)], new("Shipping, FedEx Ground", 1000), new("Tax (TaxJar)", 850), []);
    }

    /// <summary>As the page's own program writes them: a new word at a space, and where the pen is put down elsewhere.</summary>
    private sealed class InOrder : UglyToad.PdfPig.Util.IWordExtractor
    {
        public IEnumerable<Word> GetWords(IReadOnlyList<Letter> letters)
        {
            var word = new List<Letter>();
            foreach (var letter in letters)
            {
                var goesOn = word.Count > 0 && Math.Abs(word[^1].EndBaseLine.X - letter.StartBaseLine.X) < 1 && Math.Abs(word[^1].EndBaseLine.Y - letter.StartBaseLine.Y) < 1;
                if (word.Count > 0 && (!goesOn || string.IsNullOrWhiteSpace(letter.Value)))
                {
                    yield return new Word(word);
                    word = [];
                }

                if (!string.IsNullOrWhiteSpace(letter.Value))
                    word.Add(letter);
            }

            if (word.Count > 0)
                yield return new Word(word);
        }
    }
}
