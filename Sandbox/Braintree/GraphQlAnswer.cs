using System.Text.Json.Nodes;

namespace Sandbox.Braintree;

/// <summary>Cuts an object down to what a document selects. The objects here are whole: a field that one doesn't have is unknown, and refused.</summary>
internal static class GraphQlAnswer
{
    public static JsonNode? Select(this GraphQlDocument document, JsonNode? value, IReadOnlyList<Selection> selections) => value switch
    {
        null => null,
        JsonArray array => new JsonArray([.. array.Select(item => document.Select(item, selections))]),
        JsonObject whole => document.Select(whole, selections, []),
        _ => selections.Count == 0 ? value.DeepClone() : throw new GraphQlException("Validation error: Sub selection not allowed on a leaf type."),
    };

    private static JsonObject Select(this GraphQlDocument document, JsonObject whole, IReadOnlyList<Selection> selections, JsonObject into)
    {
        var type = (string)whole["__typename"]!;
        if (selections.Count == 0)
            throw new GraphQlException($"Validation error: Sub selection required for type {type}");
        foreach (var selection in selections)
        {
            if (selection.Field is { } field)
            {
                if (!whole.TryGetPropertyValue(field, out var value))
                    throw new GraphQlException($"Validation error: Field '{field}' in type '{type}' is undefined");
                Merge(into, selection.Alias ?? field, document.Select(value, selection.Selections));
                continue;
            }

            var fragment = selection.Spread is not { } name ? new(selection.On ?? type, selection.Selections)
                : document.Fragments.TryGetValue(name, out var known) ? known
                : throw new GraphQlException($"Validation error: Undefined fragment '{name}'");
            if (Is(type, fragment.On))
                document.Select(whole, fragment.Selections, into);
        }

        return into;
    }

    private static void Merge(JsonObject into, string name, JsonNode? value)
    {
        if (into[name] is JsonObject before && value is JsonObject more)
        {
            foreach (var (field, inner) in more)
                Merge(before, field, inner?.DeepClone());
            return;
        }

        into[name] = value;
    }

    private static bool Is(string type, string wanted) => wanted == type || wanted switch
    {
        "Node" => type is "Transaction" or "Refund" or "PaymentMethod",
        "Payment" => type is "Transaction" or "Refund",
        "PaymentStatusEvent" => type.EndsWith("Event", StringComparison.Ordinal),
        _ => false,
    };
}
