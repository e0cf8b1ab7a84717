using System.Text.Json.Nodes;

namespace Sandbox.Braintree;

/// <summary>A parsed GraphQL document: the one operation that it holds, and its fragments. Directives and several operations aren't taken.</summary>
internal sealed record GraphQlDocument(string Kind, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<Selection> Selections, IReadOnlyDictionary<string, Fragment> Fragments)
{
    public static GraphQlDocument Parse(string text, JsonObject variables) => new GraphQlParser(text, variables).Document();
}

internal sealed record Fragment(string On, IReadOnlyList<Selection> Selections);

/// <summary>A field, an inline fragment (<paramref name="On"/>), or the spread of a named one.</summary>
internal sealed record Selection(string? Field, string? On, string? Spread, IReadOnlyList<Selection> Selections)
{
    public string? Alias { get; init; }

    public JsonObject Arguments { get; init; } = [];

    /// <summary>Which argument is which variable: a variable must be declared as the argument's type.</summary>
    public IReadOnlyDictionary<string, string> VariableOf { get; init; } = new Dictionary<string, string>();
}

/// <summary>The document itself is wrong.</summary>
internal sealed class GraphQlException(string message) : Exception(message);
