using System.Globalization;
using System.Text.RegularExpressions;

namespace CheckoutFunctions.Domain;

/// <summary>Finds what looks like a card number, so that it is refused before anything stores or logs it.</summary>
public static partial class CardNumbers
{
    private const int Shortest = 13;
    private const int Longest = 19;

    public static bool AppearIn(string text)
    {
        foreach (var match in Digits().EnumerateMatches(text))
        {
            var digits = text.AsSpan(match.Index, match.Length);
            for (var start = 0; start <= digits.Length - Shortest; start++)
            {
                if (BeginsGroup(digits, start) && StartsWithCard(digits[start..]))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether some of the first groups are a card's number: its expiry or security code may follow.</summary>
    private static bool StartsWithCard(ReadOnlySpan<char> digits)
    {
        if (Digit(digits[0]) is < 2 or > 6)
            return false;

        // Luhn doubles every second digit from the right; until the end is known, both ways are summed.
        Span<int> sums = [0, 0];
        for (var (i, count) = (0, 0); i < digits.Length && count < Longest; i++)
        {
            if (!char.IsDigit(digits[i]))
                continue;

            var digit = Digit(digits[i]);
            sums[count % 2] += digit > 4 ? (digit * 2) - 9 : digit * 2;
            sums[1 - (count % 2)] += digit;
            count++;
            if (count >= Shortest && (i + 1 == digits.Length || !char.IsDigit(digits[i + 1])) && sums[count % 2] % 10 == 0)
                return true;
        }

        return false;
    }

    private static bool BeginsGroup(ReadOnlySpan<char> digits, int at) => char.IsDigit(digits[at]) && (at == 0 || !char.IsDigit(digits[at - 1]));

    private static int Digit(char digit) => CharUnicodeInfo.GetDecimalDigitValue(digit);

    /// <summary>
    /// At least 13 digits of any script, in groups or not. Digits inside a word (a token, an id) don't count, nor do those behind a decimal point:
    /// a dot only parts groups as short as a card's.
    /// </summary>
    [GeneratedRegex(
        @"(?<![\p{L}\p{Nd}_.])\p{Nd}(?:(?:[\s\-\u2010-\u2015/]{0,2}|\.(?=\p{Nd}{3,6}(?!\p{Nd})))\p{Nd}){12,}(?![\p{L}\p{Nd}_])")]
    private static partial Regex Digits();
}
