using System.Text.RegularExpressions;

namespace CheckoutFunctions.Domain;

/// <summary>Finds what looks like a card number, so that it is refused before anything stores or logs it.</summary>
public static partial class CardNumbers
{
    public static bool AppearIn(string text) => Candidates().EnumerateMatches(text) is var matches && Any(text, matches);

    private static bool Any(string text, Regex.ValueMatchEnumerator matches)
    {
        foreach (var match in matches)
        {
            if (PassesLuhn(text.AsSpan(match.Index, match.Length)))
                return true;
        }

        return false;
    }

    private static bool PassesLuhn(ReadOnlySpan<char> candidate)
    {
        var (sum, count) = (0, 0);
        for (var i = candidate.Length - 1; i >= 0; i--)
        {
            if (!char.IsAsciiDigit(candidate[i]))
                continue;

            var digit = candidate[i] - '0';
            if (count++ % 2 == 1)
                digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>13 to 19 digits that start as card numbers do, in groups or not. Digits inside a word (a token, an id) don't count.</summary>
    [GeneratedRegex("(?<![0-9A-Za-z_.])[2-6](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z_])")]
    private static partial Regex Candidates();
}
