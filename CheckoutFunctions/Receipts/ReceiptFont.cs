using System.Reflection;
using UglyToad.PdfPig.Fonts.TrueType;
using UglyToad.PdfPig.Fonts.TrueType.Parser;

namespace CheckoutFunctions.Receipts;

/// <summary>DejaVu Sans in one size, carried along: a server has no fonts, and each machine would have others.</summary>
internal sealed class ReceiptFont
{
    /// <summary>Instead of a character that the font doesn't have.</summary>
    private const char Box = '□';

    private readonly TrueTypeFont font;

    private ReceiptFont(string face, double size)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{typeof(ReceiptFont).Namespace}.Fonts.{face}.ttf")!;
        File = new byte[file.Length];
        file.ReadExactly(File);
        font = TrueTypeFontParser.Parse(new TrueTypeDataBytes(File));
        (Size, LineHeight) = (size, size * 1.4);
    }

    public static ReceiptFont Plain { get; } = new("DejaVuSans", 9);

    public static ReceiptFont Bold { get; } = new("DejaVuSans-Bold", 9);

    public static ReceiptFont Title { get; } = new("DejaVuSans-Bold", 16);

    public byte[] File { get; }

    /// <summary>In points, as all lengths on a receipt.</summary>
    public double Size { get; }

    public double LineHeight { get; }

    public double WidthOf(string text) => text.Sum(c => font.TryGetAdvanceWidth(c, out var width) ? width : 0) * Size / font.GetUnitsPerEm();

    /// <summary>What the font can show of it, on one line.</summary>
    public string Showable(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        System.Text.Rune.IsWhiteSpace(rune) || System.Text.Rune.IsControl(rune) ? ' '
        : rune.IsBmp && font.WindowsUnicodeCMap?.CharacterCodeToGlyphIndex(rune.Value) > 0 ? (char)rune.Value
        : Box));

    /// <summary>Breaks at spaces, and words that are wider than a line anywhere.</summary>
    public List<string> Wrap(string text, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in Showable(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (WidthOf(longer) <= width)
            {
                line = longer;
                continue;
            }

            if (line.Length > 0)
                lines.Add(line);
            line = "";
            foreach (var c in word)
            {
                if (line.Length > 0 && WidthOf(line + c) > width)
                {
                    lines.Add(line);
                    line = "";
                }

                line += c;
            }
        }

        if (line.Length > 0)
            lines.Add(line);
        return lines;
    }

    public List<string> Wrap(IEnumerable<string> texts, double width) => [.. texts.SelectMany(text => Wrap(text, width))];
}
