using System.Text.Json;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Api;

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
