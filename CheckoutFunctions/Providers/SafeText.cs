using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CheckoutFunctions.Providers;

/// <summary>
/// What of a provider's answer may go into a log: the status and 500 characters, without the key, e-mail addresses,
/// long numbers, and every word that the request itself held, because providers echo names and streets.
/// </summary>
internal static partial class SafeText
{
    private const int MaxLength = 500;
    private const int MaxRead = 16_000; // far more than is kept, so that no half of a secret stands at the end
    private const string Removed = "[…]";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<string> Describe(HttpResponseMessage response, string apiKey)
    {
        var request = response.RequestMessage?.Content is { } sent ? await sent.ReadAsStringAsync() : "";
        var body = Clean(request, await response.Content.ReadAsStringAsync(), apiKey);
        return $"answered {(int)response.StatusCode}{(body.Length > 0 ? " " + body : "")}";
    }

    public static string Clean(string request, string body, string apiKey)
    {
        var words = WordsOf(request).Append(apiKey).Select(Regex.Escape);
        var readable = Unescape(body);
        var start = readable.Length <= MaxRead ? readable : readable[..MaxRead];
        var text = Regex.Replace(start, $@"(?<!\w)(?:{string.Join('|', words)})(?!\w)", Removed, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        text = Sensitive().Replace(text, Removed);
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }

    [GeneratedRegex("""(?<![^\s"'<>@])[^\s"'<>@]+@[^\s"'<>@]+|\d(?:[ -]?\d){8,}""")]
    private static partial Regex Sensitive();

    /// <summary>JSON may write "ü" as "\u00fc", which no word of the request would match.</summary>
    private static string Unescape(string body) => Parse(body) is { } json ? JsonSerializer.Serialize(json, Plain) : body;

    private static IEnumerable<string> WordsOf(string request) =>
        (Parse(request) is { } json ? Leaves(json) : request.Split('&').Select(pair => Uri.UnescapeDataString(pair[(pair.IndexOf('=') + 1)..].Replace('+', ' '))))
        .SelectMany(value => Word().Matches(value).Select(match => match.Value))
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .OrderByDescending(word => word.Length);

    [GeneratedRegex(@"\w[\w.'’-]+\w")]
    private static partial Regex Word();

    private static IEnumerable<string> Leaves(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => Leaves(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Leaves),
        _ => [],
    };

    private static JsonElement? Parse(string text)
    {
        try
        {
            return text.StartsWith('{') ? JsonElement.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
