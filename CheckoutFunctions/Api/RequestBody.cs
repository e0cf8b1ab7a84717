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
        var bytes = await ReadLimited(request, cancellation);
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

    private static async Task<byte[]> ReadLimited(HttpRequest request, CancellationToken cancellation)
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

/// <summary>Reads fields and collects what is wrong with them, each with its JSON pointer.</summary>
public sealed class Fields(JsonElement json, string pointer = "", List<AnswerError>? errors = null)
{
    private readonly List<AnswerError> errors = errors ?? [];

    public bool Has(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string? Text(string name, bool required = false, int maxLength = 200)
    {
        if (!Value(name, required, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return Wrong<string>(name, "Must be a string.");

        var text = value.GetString()!.Trim();
        if (text.Length == 0 && required)
            return Wrong<string>(name, "Must not be empty.");
        if (text.Any(char.IsControl))
            return Wrong<string>(name, "Must not hold control characters.");
        return text.Length > maxLength ? Wrong<string>(name, $"Must be at most {maxLength} characters long.") : text.Length == 0 ? null : text;
    }

    public long? Integer(string name, long min, long max, bool required = false)
    {
        if (!Value(name, required, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number < min || number > max)
        {
            Error(name, $"Must be an integer from {min} to {max}.");
            return null;
        }

        return number;
    }

    public bool? Flag(string name)
    {
        if (!Value(name, required: false, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();

        Error(name, "Must be true or false.");
        return null;
    }

    public Fields? Object(string name, bool required = false)
    {
        if (!Value(name, required, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object ? new Fields(value, $"{pointer}/{name}", errors) : Wrong<Fields>(name, "Must be an object.");
    }

    public IReadOnlyList<Fields> Objects(string name, int min, int max)
    {
        if (!Array(name, min, max, out var array))
            return [];

        return array.EnumerateArray().Select((element, index) =>
        {
            if (element.ValueKind == JsonValueKind.Object)
                return new Fields(element, $"{pointer}/{name}/{index}", errors);
            Error($"{name}/{index}", "Must be an object.");
            return null;
        }).OfType<Fields>().ToList();
    }

    public IReadOnlyList<string> Texts(string name, int max, int maxLength)
    {
        if (!Array(name, 0, max, out var array))
            return [];

        return array.EnumerateArray().Select((element, index) =>
        {
            if (element.ValueKind == JsonValueKind.String && element.GetString()!.Trim() is { Length: > 0 } text && text.Length <= maxLength && !text.Any(char.IsControl))
                return text;
            Error($"{name}/{index}", $"Must be a string of 1 to {maxLength} characters, none of them a control character.");
            return null;
        }).OfType<string>().ToList();
    }

    public void Error(string name, string detail) => errors.Add(new($"{pointer}/{name}", detail));

    public void ThrowIfWrong()
    {
        if (errors.Count > 0)
            throw new ProblemException(new("invalid_request", $"{errors[0].Pointer}: {errors[0].Detail}") { Errors = errors });
    }

    private bool Array(string name, int min, int max, out JsonElement array)
    {
        if (!Value(name, required: true, out array))
            return false;
        if (array.ValueKind == JsonValueKind.Array && array.GetArrayLength() >= min && array.GetArrayLength() <= max)
            return true;

        Error(name, $"Must be an array of {min} to {max} elements.");
        return false;
    }

    private bool Value(string name, bool required, out JsonElement value)
    {
        if (json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null)
            return true;
        if (required)
            Error(name, "Is required.");
        return false;
    }

    private T? Wrong<T>(string name, string detail)
        where T : class
    {
        Error(name, detail);
        return null;
    }
}
