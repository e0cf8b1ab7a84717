using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandbox.Braintree;

/// <summary>Reads GraphQL's query language, as much of it as a client of payments writes.</summary>
internal sealed partial class GraphQlParser(string text, JsonObject variables)
{
    private readonly List<string> tokens = Tokens(text);
    private readonly Dictionary<string, string> declared = new(StringComparer.Ordinal);
    private int at;

    private string? Next => at < tokens.Count ? tokens[at] : null;

    public GraphQlDocument Document()
    {
        var fragments = new Dictionary<string, Fragment>(StringComparer.Ordinal);
        (string Kind, IReadOnlyList<Selection> Selections)? operation = null;
        while (Next is not null)
        {
            if (Skip("fragment"))
            {
                var name = Name();
                Expect("on");
                fragments.Add(name, new(Name(), Selections()));
                continue;
            }

            if (operation is not null)
                throw new GraphQlException("Only one operation can be sent at a time.");
            operation = Operation();
        }

        return operation is { } one ? new(one.Kind, declared, one.Selections, fragments) : throw new GraphQlException("The document holds no operation.");
    }

    [GeneratedRegex("""[\s,]+|\#[^\n]*|(?<token>\.\.\.|[!$():=@\[\]{}|]|[_A-Za-z]\w*|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[^"\\\n]|\\.)*")|(?<bad>.)""", RegexOptions.Singleline)]
    private static partial Regex Token();

    private static List<string> Tokens(string text)
    {
        var found = new List<string>();
        foreach (Match match in Token().Matches(text))
        {
            if (match.Groups["bad"].Success)
                throw new GraphQlException($"Invalid syntax: unexpected '{match.Value}' at offset {match.Index}.");
            if (match.Groups["token"].Success)
                found.Add(match.Value);
        }

        return found;
    }

    private (string Kind, IReadOnlyList<Selection> Selections) Operation()
    {
        if (Next == "{")
            return ("query", Selections());
        var kind = Name();
        if (kind is not ("query" or "mutation"))
            throw new GraphQlException($"Invalid syntax: unexpected '{kind}'.");
        if (Next is not ("(" or "{"))
            Name();
        if (Skip("("))
        {
            while (!Skip(")"))
                Declare();
        }

        return (kind, Selections());
    }

    private void Declare()
    {
        Expect("$");
        var name = Name();
        Expect(":");
        var type = Name() + (Skip("!") ? "!" : "");
        declared[name] = type;
        if (Skip("="))
            variables.TryAdd(name, Value());
        if (type.EndsWith('!') && variables[name] is null)
            throw new GraphQlException($"Variable '{name}' has an invalid value: Variable '{name}' has coerced Null value for NonNull type '{type}'");
    }

    private List<Selection> Selections()
    {
        Expect("{");
        var found = new List<Selection>();
        while (!Skip("}"))
            found.Add(Skip("...") ? Spread() : Field());
        return found.Count > 0 ? found : throw new GraphQlException("Invalid syntax: an empty selection.");
    }

    private Selection Spread() => Next == "{" ? new(null, null, null, Selections())
        : Skip("on") ? new(null, Name(), null, Selections())
        : new(null, null, Name(), []);

    private Selection Field()
    {
        var name = Name();
        var alias = default(string);
        if (Skip(":"))
            (alias, name) = (name, Name());
        var arguments = new JsonObject();
        var variableOf = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Skip("("))
        {
            while (!Skip(")"))
            {
                var argument = Name();
                Expect(":");
                if (Next == "$")
                    variableOf[argument] = tokens[at + 1];
                arguments.Add(argument, Value());
            }
        }

        return new(name, null, null, Next == "{" ? Selections() : []) { Alias = alias, Arguments = arguments, VariableOf = variableOf };
    }

    private JsonNode? Value()
    {
        if (Skip("$"))
        {
            var name = Name();
            return declared.ContainsKey(name) ? variables[name]?.DeepClone() : throw new GraphQlException($"Validation error: Undefined variable '{name}'");
        }

        if (Skip("["))
        {
            var array = new JsonArray();
            while (!Skip("]"))
                array.Add(Value());
            return array;
        }

        if (Skip("{"))
        {
            var fields = new JsonObject();
            while (!Skip("}"))
            {
                var name = Name();
                Expect(":");
                fields.Add(name, Value());
            }

            return fields;
        }

        return Scalar(Take());
    }

    private static JsonNode? Scalar(string token) => token switch
    {
        "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        ['"', ..] => JsonValue.Create(JsonSerializer.Deserialize<string>(token)),
        [>= '0' and <= '9', ..] or ['-', ..] => JsonValue.Create(decimal.Parse(token, NumberStyles.Float, CultureInfo.InvariantCulture)),
        [>= 'A' and <= 'z', ..] => JsonValue.Create(token),
        _ => throw new GraphQlException($"Invalid syntax: unexpected '{token}'."),
    };

    private string Name() => Take() is [var first, ..] name && (char.IsAsciiLetter(first) || first == '_') ? name : throw new GraphQlException($"Invalid syntax: unexpected '{tokens[at - 1]}'.");

    private string Take() => at < tokens.Count ? tokens[at++] : throw new GraphQlException("Invalid syntax: the document breaks off.");

    private bool Skip(string token)
    {
        if (Next != token)
            return false;
        at++;
        return true;
    }

    private void Expect(string token)
    {
        if (Take() != token)
            throw new GraphQlException($"Invalid syntax: unexpected '{tokens[at - 1]}', '{token}' was expected.");
    }
}
