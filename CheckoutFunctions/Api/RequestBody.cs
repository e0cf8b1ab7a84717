using System.Text;
using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Api;

/// <summary>A request's JSON, read by us because a bad body would be a bare 500 otherwise: at most 64 KB, an object, and no card number in it.</summary>
public sealed class RequestBody
{
    private const int Limit = 64 * 1024;

    private RequestBody(byte[] bytes, JsonElement root) => (Hash, Root) = (Secrets.Hash(bytes), root);

    public string Hash { get; }

    public JsonElement Root { get; }

    public static async Task<RequestBody> Read(HttpRequest request, CancellationToken cancellation)
    {
        var bytes = await ReadBytes(request, cancellation);
        // Before anything else looks at it: not even an error message may repeat a card number.
        RefuseCards(Encoding.UTF8.GetString(bytes));
        if (Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes) is { ValueKind: JsonValueKind.Object } root)
            return new RequestBody(bytes, root);
        throw new ProblemException(new("invalid_request", "The body is not a JSON object."));
    }

    private static JsonElement? Parse(byte[] bytes)
    {
        try
        {
            // Each text once, unescaped: digits may be spelled \u0034, and a text that is half a character would fail wherever it is read later.
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    RefuseCards(reader.GetString()!);
            }

            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // without the exception's message, which may quote the body
        }
    }

    private static void RefuseCards(string text)
    {
        if (CardNumbers.AppearIn(text))
            throw new ProblemException(new("raw_card_data", "The body holds something that looks like a card number. Send the payment provider's token instead."));
    }

    /// <summary>The body as it was sent, whatever is in it; at most 64 KB.</summary>
    internal static async Task<byte[]> ReadBytes(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > Limit)
            throw TooLarge();

        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (buffer.Length + read > Limit)
                throw TooLarge();
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private static ProblemException TooLarge() => new(new Problem("body_too_large", "The body is larger than 64 KB."));
}
