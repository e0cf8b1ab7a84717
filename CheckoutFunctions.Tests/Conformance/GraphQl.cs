using System.Text.Json;
using GraphQLParser;
using GraphQLParser.AST;

namespace CheckoutFunctions.Tests.Conformance;

/// <summary>GraphQL documents, their variables and their answers against a published schema: what exists, what is required, and which words an enum has.</summary>
internal sealed class GraphQl(string schema)
{
    private static readonly string[] Scalars = ["String", "Int", "Float", "Boolean", "ID"];

    private readonly Dictionary<string, ASTNode> types = Parser.Parse(schema).Definitions.OfType<GraphQLTypeDefinition>().ToDictionary(type => type.Name.StringValue, ASTNode (type) => type);

    /// <summary>What of a document, and of its variables, the schema doesn't know.</summary>
    public IReadOnlyList<string> OfRequest(string document, JsonElement? variables = null)
    {
        var parsed = Parser.Parse(document);
        var fragments = FragmentsOf(parsed);
        var operation = parsed.Definitions.OfType<GraphQLOperationDefinition>().Single();
        var declared = (operation.Variables?.Items ?? []).ToDictionary(variable => variable.Variable.Name.StringValue, variable => variable.Type);
        List<string> found = [.. declared.Values.Select(NameOf).Where(name => !IsKnown(name)).Select(name => $"{name} is no type")];
        foreach (var fragment in fragments.Values)
            Select(fragment.SelectionSet, fragment.TypeCondition.Type.Name.StringValue, declared, fragments, found, fragment.FragmentName.Name.StringValue);
        Select(operation.SelectionSet, RootOf(operation), declared, fragments, found, operation.Name?.StringValue ?? "?");
        if (variables is { } given)
        {
            found.AddRange(given.EnumerateObject().Where(variable => !declared.ContainsKey(variable.Name)).Select(variable => $"${variable.Name} is not declared"));
            foreach (var (name, type) in declared)
                found.AddRange(Input(type, given.TryGetProperty(name, out var value) ? value : default, $"${name}"));
        }

        return found;
    }

    /// <summary>What of an answer's data the schema doesn't promise for that document.</summary>
    public IReadOnlyList<string> OfAnswer(string document, JsonElement data)
    {
        var parsed = Parser.Parse(document);
        var operation = parsed.Definitions.OfType<GraphQLOperationDefinition>().Single();
        List<string> found = [];
        Output(operation.SelectionSet, RootOf(operation), data, FragmentsOf(parsed), found, "data");
        return found;
    }

    private void Select(
        GraphQLSelectionSet? selected, string type, Dictionary<string, GraphQLType> declared, Dictionary<string, GraphQLFragmentDefinition> fragments, List<string> found, string path)
    {
        foreach (var selection in selected?.Selections ?? [])
        {
            switch (selection)
            {
                case GraphQLFragmentSpread spread when !fragments.ContainsKey(spread.FragmentName.Name.StringValue):
                    found.Add($"{path}: there is no fragment {spread.FragmentName.Name.StringValue}");
                    break;
                case GraphQLFragmentSpread spread:
                    Overlap(type, fragments[spread.FragmentName.Name.StringValue].TypeCondition.Type.Name.StringValue, found, path);
                    break;
                case GraphQLInlineFragment inline:
                    var condition = inline.TypeCondition?.Type.Name.StringValue ?? type;
                    Overlap(type, condition, found, path);
                    Select(inline.SelectionSet, condition, declared, fragments, found, $"{path} on {condition}");
                    break;
                case GraphQLField { Name.StringValue: "__typename" }:
                    break;
                case GraphQLField field:
                    Field(field, type, declared, fragments, found, $"{path}.{field.Name.StringValue}");
                    break;
            }
        }
    }

    private void Field(
        GraphQLField field, string type, Dictionary<string, GraphQLType> declared, Dictionary<string, GraphQLFragmentDefinition> fragments, List<string> found, string path)
    {
        if (DefinitionOf(type, field.Name.StringValue) is not { } definition)
        {
            found.Add($"{path}: {type} has no such field");
            return;
        }

        var arguments = (field.Arguments?.Items ?? []).ToDictionary(argument => argument.Name.StringValue, argument => argument.Value);
        var known = (definition.Arguments?.Items ?? []).ToDictionary(argument => argument.Name.StringValue, argument => argument);
        found.AddRange(arguments.Keys.Where(name => !known.ContainsKey(name)).Select(name => $"{path}({name}) is unknown"));
        found.AddRange(known.Values.Where(argument => argument.Type is GraphQLNonNullType && argument.DefaultValue is null && !arguments.ContainsKey(argument.Name.StringValue))
            .Select(argument => $"{path}({argument.Name.StringValue}) is missing"));
        foreach (var (name, value) in arguments.Where(argument => known.ContainsKey(argument.Key)))
        {
            if (value is GraphQLVariable variable && (!declared.TryGetValue(variable.Name.StringValue, out var given) || !Fits(given, known[name].Type)))
                found.Add($"{path}({name}): ${variable.Name.StringValue} isn't {Shown(known[name].Type)}");
        }

        var result = NameOf(definition.Type);
        if (IsLeaf(result) != (field.SelectionSet is null))
            found.Add($"{path}: {result} is {(IsLeaf(result) ? "a leaf" : "no leaf")}");
        Select(field.SelectionSet, result, declared, fragments, found, path);
    }

    private void Overlap(string type, string condition, List<string> found, string path)
    {
        if (!types.ContainsKey(condition))
            found.Add($"{path}: {condition} is no type");
        else if (!PossibleOf(type).Intersect(PossibleOf(condition)).Any())
            found.Add($"{path}: {type} is never a {condition}");
    }

    private IEnumerable<string> Input(GraphQLType type, JsonElement value, string path)
    {
        if (type is GraphQLNonNullType required)
            return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? [$"{path} is missing"] : Input(required.Type, value, path);
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return [];
        if (type is GraphQLListType list)
            return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany((item, index) => Input(list.Type, item, $"{path}[{index}]")) : Input(list.Type, value, path);

        var name = NameOf(type);
        if (types.GetValueOrDefault(name) is not GraphQLInputObjectTypeDefinition input)
            return Leaf(name, value, path);
        if (value.ValueKind != JsonValueKind.Object)
            return [$"{path} is no {name}"];
        var fields = (input.Fields?.Items ?? []).ToDictionary(field => field.Name.StringValue, field => field.DefaultValue is not null && field.Type is GraphQLNonNullType optional ? optional.Type : field.Type);
        return value.EnumerateObject().Where(property => !fields.ContainsKey(property.Name)).Select(property => $"{path}.{property.Name} is unknown")
            .Concat(fields.SelectMany(field => Input(field.Value, value.TryGetProperty(field.Key, out var given) ? given : default, $"{path}.{field.Key}")));
    }

    private void Output(GraphQLSelectionSet? selected, string type, JsonElement value, Dictionary<string, GraphQLFragmentDefinition> fragments, List<string> found, string path)
    {
        var concrete = value.TryGetProperty("__typename", out var named) ? named.GetString()! : type;
        if (!PossibleOf(type).Contains(concrete) && concrete != type)
            found.Add($"{path}: {concrete} is no {type}");
        foreach (var selection in selected?.Selections ?? [])
        {
            var (condition, inner) = selection switch
            {
                GraphQLFragmentSpread spread => (fragments[spread.FragmentName.Name.StringValue].TypeCondition.Type.Name.StringValue, fragments[spread.FragmentName.Name.StringValue].SelectionSet),
                GraphQLInlineFragment inline => (inline.TypeCondition?.Type.Name.StringValue ?? type, inline.SelectionSet),
                _ => ("", null),
            };
            if (inner is not null && (condition == concrete || PossibleOf(condition).Contains(concrete)))
                Output(inner, concrete, value, fragments, found, path);
            if (selection is not GraphQLField { Name.StringValue: not "__typename" } field)
                continue;
            var at = $"{path}.{field.Name.StringValue}";
            if (!value.TryGetProperty(field.Name.StringValue, out var answered))
                found.Add($"{at} is not answered");
            else if (DefinitionOf(concrete, field.Name.StringValue) is { } definition)
                Answered(definition.Type, field, answered, fragments, found, at);
        }
    }

    private void Answered(GraphQLType type, GraphQLField field, JsonElement value, Dictionary<string, GraphQLFragmentDefinition> fragments, List<string> found, string path)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (type is GraphQLNonNullType)
                found.Add($"{path} is null");
            return;
        }

        switch (type is GraphQLNonNullType required ? required.Type : type)
        {
            case GraphQLListType list when value.ValueKind == JsonValueKind.Array:
                foreach (var (item, index) in value.EnumerateArray().Select((item, index) => (item, index)))
                    Answered(list.Type, field, item, fragments, found, $"{path}[{index}]");
                break;
            case GraphQLListType:
                found.Add($"{path} is no list");
                break;
            case var named when IsLeaf(NameOf(named)):
                found.AddRange(Leaf(NameOf(named), value, path));
                break;
            case var named:
                Output(field.SelectionSet, NameOf(named), value, fragments, found, path);
                break;
        }
    }

    private IEnumerable<string> Leaf(string name, JsonElement value, string path) => types.GetValueOrDefault(name) switch
    {
        GraphQLEnumTypeDefinition words => value.ValueKind == JsonValueKind.String && (words.Values?.Items ?? []).Any(word => word.Name.StringValue == value.GetString())
            ? [] : [$"{path} is {value.GetRawText()}, none of {name}'s words"],
        _ => (name, value.ValueKind) switch
        {
            ("String", JsonValueKind.String) or ("ID", JsonValueKind.String or JsonValueKind.Number) or ("Int" or "Float", JsonValueKind.Number) => [],
            ("Boolean", JsonValueKind.True or JsonValueKind.False) => [],
            _ => Scalars.Contains(name) || value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? [$"{path} is {value.GetRawText()}, no {name}"] : [],
        },
    };

    /// <summary>The objects that a type can be.</summary>
    private IEnumerable<string> PossibleOf(string type) => types.GetValueOrDefault(type) switch
    {
        GraphQLUnionTypeDefinition union => (union.Types?.Items ?? []).Select(member => member.Name.StringValue),
        GraphQLInterfaceTypeDefinition => types.Values.OfType<GraphQLObjectTypeDefinition>()
            .Where(candidate => (candidate.Interfaces?.Items ?? []).Any(implemented => implemented.Name.StringValue == type)).Select(candidate => candidate.Name.StringValue),
        _ => [type],
    };

    private GraphQLFieldDefinition? DefinitionOf(string type, string field) => types.GetValueOrDefault(type) switch
    {
        GraphQLObjectTypeDefinition definition => definition.Fields?.Items.Find(candidate => candidate.Name.StringValue == field),
        GraphQLInterfaceTypeDefinition definition => definition.Fields?.Items.Find(candidate => candidate.Name.StringValue == field),
        _ => null,
    };

    private bool IsKnown(string name) => types.ContainsKey(name) || Scalars.Contains(name);

    private bool IsLeaf(string name) => types.GetValueOrDefault(name) is null or GraphQLScalarTypeDefinition or GraphQLEnumTypeDefinition;

    private static Dictionary<string, GraphQLFragmentDefinition> FragmentsOf(GraphQLDocument document) =>
        document.Definitions.OfType<GraphQLFragmentDefinition>().ToDictionary(fragment => fragment.FragmentName.Name.StringValue);

    private static string RootOf(GraphQLOperationDefinition operation) => operation.Operation == OperationType.Mutation ? "Mutation" : "Query";

    /// <summary>A variable of this type may stand there: the same, or the same and never null.</summary>
    private static bool Fits(GraphQLType given, GraphQLType wanted) => Shown(given) == Shown(wanted) || Shown(given) == Shown(wanted) + "!";

    private static string NameOf(GraphQLType type) => type switch
    {
        GraphQLNonNullType required => NameOf(required.Type),
        GraphQLListType list => NameOf(list.Type),
        GraphQLNamedType named => named.Name.StringValue,
        _ => "?",
    };

    private static string Shown(GraphQLType type) => type switch
    {
        GraphQLNonNullType required => Shown(required.Type) + "!",
        GraphQLListType list => $"[{Shown(list.Type)}]",
        _ => NameOf(type),
    };
}
