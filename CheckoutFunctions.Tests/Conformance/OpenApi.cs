using System.Text.Json;
using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Conformance;

/// <summary>A provider's OpenAPI description. <paramref name="version"/> is the part of our paths that the description has in its servers' addresses.</summary>
internal sealed class OpenApi(JsonElement description, string version = "")
{
    /// <summary>The call by the description's name for it, <c>POST /v1/refunds</c>, or null where it has none.</summary>
    public string? CallOf(Exchange exchange) => Find(exchange) is { } found ? $"{exchange.Method} {found.Template}" : null;

    /// <summary>What of a request isn't as described.</summary>
    public IEnumerable<string> OfRequest(Exchange exchange)
    {
        if (Find(exchange) is not var (template, operation))
            return [$"{exchange.Method} {exchange.Path}: no such call"];
        return OfQuery(exchange, operation).Concat(OfBody(exchange, operation)).Select(violation => $"{exchange.Method} {template}: {violation}");
    }

    /// <summary>What of an answer isn't as described.</summary>
    public IEnumerable<string> OfAnswer(Exchange exchange)
    {
        if (Find(exchange) is not var (template, operation))
            return [];
        var answers = operation.GetProperty("responses");
        // AvaTax creates with 201, and describes 200.
        var status = exchange.Status is > 200 and < 300 && !answers.TryGetProperty($"{exchange.Status}", out _) ? 200 : exchange.Status;
        if (!answers.TryGetProperty($"{status}", out var answer) && !answers.TryGetProperty("default", out answer))
            return [$"{exchange.Method} {template}: {exchange.Status} is no answer to it"];
        return SchemaOf(Resolve(answer), "application/json") is { } schema
            ? new SchemaCheck(description).Of(schema, exchange.AnswerJson).Select(violation => $"{exchange.Method} {template} {exchange.Status}: {violation}")
            : [];
    }

    private IEnumerable<string> OfQuery(Exchange exchange, JsonElement operation)
    {
        var known = Parameters(operation).Where(parameter => parameter.GetProperty("in").GetString() == "query").ToDictionary(parameter => parameter.GetProperty("name").GetString()!);
        var sent = Exchange.Fields(exchange.Query).EnumerateObject().ToList();
        var check = new SchemaCheck(description) { IsClosed = true, IsText = true };
        return known.Where(parameter => parameter.Value.TryGetProperty("required", out var required) && required.GetBoolean() && sent.All(field => field.Name != parameter.Key))
            .Select(parameter => $"query {parameter.Key} is missing")
            .Concat(sent.SelectMany(field => known.TryGetValue(field.Name, out var parameter)
                ? check.Of(parameter.GetProperty("schema"), field.Value, $"query {field.Name}")
                : [$"query {field.Name} is unknown"]));
    }

    private IReadOnlyList<string> OfBody(Exchange exchange, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
            return exchange.Body.Length > 0 ? ["it takes no body"] : [];
        body = Resolve(body);
        if (exchange.Body.Length == 0)
            return body.TryGetProperty("required", out var required) && required.GetBoolean() ? ["its body is missing"] : [];
        if (SchemaOf(body, exchange.ContentType ?? "") is not { } schema)
            return [$"{exchange.ContentType ?? "nothing"} is no type that it takes"];
        var isForm = exchange.ContentType == "application/x-www-form-urlencoded";
        return new SchemaCheck(description) { IsClosed = true, IsText = isForm }.Of(schema, isForm ? Exchange.Fields(exchange.Body) : exchange.Json);
    }

    private IEnumerable<JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Resolve) : [];

    private (string Template, JsonElement Operation)? Find(Exchange exchange)
    {
        var path = exchange.Path[version.Length..].TrimEnd('/');
        foreach (var candidate in description.GetProperty("paths").EnumerateObject().OrderBy(candidate => candidate.Name.Count(c => c == '{')))
        {
            if (Regex.IsMatch(path, $"^{Regex.Replace(candidate.Name.TrimEnd('/'), @"\{\w+\}", "[^/]+")}$")
                && candidate.Value.TryGetProperty(exchange.Method.ToLowerInvariant(), out var operation))
                return (candidate.Name, operation);
        }

        return null;
    }

    private JsonElement Resolve(JsonElement element) => element.TryGetProperty("$ref", out var reference)
        ? reference.GetString()![2..].Split('/').Aggregate(description, (at, part) => at.GetProperty(part))
        : element;

    private static JsonElement? SchemaOf(JsonElement withContent, string mediaType) =>
        withContent.TryGetProperty("content", out var content) && content.TryGetProperty(mediaType, out var media) && media.TryGetProperty("schema", out var schema) ? schema : null;
}
