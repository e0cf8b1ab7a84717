using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace CheckoutFunctions.Receipts;

/// <summary>A4 pages that are written from top to bottom; a new one begins where the last is full.</summary>
internal sealed class ReceiptSheet(PdfDocumentBuilder document)
{
    public const double Left = 50;

    public const double Right = 545; // the page is 595 wide

    private const double Height = 842;
    private const double Top = 50;
    private const double Bottom = 780;

    /// <summary>A simple font of a PDF has one byte for each character that it is used for.</summary>
    private const int MostCharacters = 250;

    private readonly List<PdfPageBuilder> pages = [];
    private readonly Dictionary<ReceiptFont, (PdfDocumentBuilder.AddedFont Font, HashSet<char> Used)> fonts = [];

    /// <summary>From the top of the page.</summary>
    public double Y { get; set; } = Bottom;

    /// <summary>Begins a new page unless so much fits on this one.</summary>
    /// <returns>Whether it did.</returns>
    public bool Need(double height)
    {
        if (pages.Count > 0 && Y + height <= Bottom)
            return false;

        pages.Add(document.AddPage(PageSize.A4));
        Y = Top;
        return true;
    }

    /// <summary>From <paramref name="x"/> to the right, each line below the other.</summary>
    /// <param name="from">Where the first begins; null: at <see cref="Y"/>, which stays.</param>
    /// <returns>Where the last ends.</returns>
    public double Write(IEnumerable<string> lines, double x, ReceiptFont font, double? from = null)
    {
        var y = from ?? Y;
        foreach (var line in lines)
        {
            y += font.LineHeight;
            Put(pages[^1], line, x, y, font);
        }

        return y;
    }

    /// <summary>So that it ends at <paramref name="right"/>.</summary>
    public void WriteTo(double right, string text, ReceiptFont font) => Put(pages[^1], text, right - font.WidthOf(text), Y + font.LineHeight, font);

    public void Rule(double from = Left) => pages[^1].DrawLine(new PdfPoint(from, Height - Y), new PdfPoint(Right, Height - Y), 0.5);

    /// <summary>The foot of each page, once it is known how many there are.</summary>
    public void Number(string foot)
    {
        foreach (var page in pages)
        {
            var number = $"Page {page.PageNumber} of {pages.Count}";
            Put(page, foot, Left, Bottom + 30, ReceiptFont.Plain);
            Put(page, number, Right - ReceiptFont.Plain.WidthOf(number), Bottom + 30, ReceiptFont.Plain);
        }
    }

    private void Put(PdfPageBuilder page, string text, double x, double y, ReceiptFont font)
    {
        // Where the descenders of this line end.
        if (font.Showable(text) is { Length: > 0 } shown)
            page.AddText(shown, font.Size, new PdfPoint(x, Height - y + (font.Size / 4)), Added(font, shown));
    }

    /// <summary>The font as the document has it; once that is full, once more.</summary>
    private PdfDocumentBuilder.AddedFont Added(ReceiptFont font, string text)
    {
        if (!fonts.TryGetValue(font, out var added) || added.Used.Union(text).Count() > MostCharacters)
            fonts[font] = added = (document.AddTrueTypeFont(font.File), []);
        added.Used.UnionWith(text);
        return added.Font;
    }
}
