using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Shippo;

/// <summary>What is wrong with an object's fields: a map from each to its messages, as Shippo answers it. Fields that nobody knows are ignored.</summary>
internal sealed class FieldErrors(JsonObject given)
{
    public const string Missing = "This field is required.";

    public JsonObject Map { get; } = [];

    public void Add(string field, JsonNode error) => Map[field] = error is JsonArray or JsonObject ? error : new JsonArray(error);

    public void Texts(params string[] fields) => Each(fields, JsonValueKind.String, "Not a valid string.");

    public void Flags(params string[] fields) => Each(fields, JsonValueKind.True, "Must be a valid boolean.");

    public void Objects(params string[] fields) => Each(fields, JsonValueKind.Object, "Expected a dictionary of items.");

    public void Required(params string[] fields)
    {
        foreach (var field in fields.Where(field => !given.ContainsKey(field)))
            Add(field, Missing);
    }

    public void OneOf(string field, params string[] known)
    {
        if (given.ContainsKey(field) && !Map.ContainsKey(field) && !known.Contains(given.Text(field)))
            Add(field, $"\"{given[field]}\" is not a valid choice.");
    }

    /// <summary>A number above 0, written as a text.</summary>
    public void Size(string field)
    {
        Texts(field);
        if (Map.ContainsKey(field) || !given.ContainsKey(field))
            return;
        if (!decimal.TryParse(given[field]!.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size))
            Add(field, "A valid number is required.");
        else if (size <= 0)
            Add(field, "Ensure this value is greater than 0.");
    }

    private void Each(string[] fields, JsonValueKind kind, string message)
    {
        foreach (var field in fields.Where(given.ContainsKey))
        {
            var found = given[field]?.GetValueKind() ?? JsonValueKind.Null;
            if (found == JsonValueKind.Null)
                Add(field, "This field may not be null.");
            else if ((found == JsonValueKind.False ? JsonValueKind.True : found) != kind)
                Add(field, message);
        }
    }
}
