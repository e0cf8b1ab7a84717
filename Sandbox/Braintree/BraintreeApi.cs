using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.Braintree;

/// <summary>Braintree's <c>/graphql</c>: look at a payment method, authorize, capture, reverse, refund, search.</summary>
internal sealed class BraintreeApi(Exchange exchange, Settlement settlement, TimeProvider time)
{
    public const string Name = "braintree";

    private const int LargestPage = 50;

    // As Braintree does it: an outage is a 500, a limit that was reached an answer with 200.
    private static readonly Provider Provider = new(
        Name,
        () => new BraintreeRefusal("INTERNAL", null, "An internal error has occurred.").Answer(null, 500),
        () => new BraintreeRefusal("RESOURCE_LIMIT", null, "Request rate or complexity limit exceeded.").Answer(null));

    /// <summary>Each field of the two roots: the operation that it counts as, and what it takes.</summary>
    private static readonly Dictionary<string, (string Kind, string Operation, string Input)> Fields = new(StringComparer.Ordinal)
    {
        ["ping"] = ("query", "retrieve", ""),
        ["node"] = ("query", "retrieve", "id:ID!"),
        ["search"] = ("query", "retrieve", ""),
        ["authorizePaymentMethod"] = ("mutation", "confirm", "input:AuthorizePaymentMethodInput!"),
        ["captureTransaction"] = ("mutation", "capture", "input:CaptureTransactionInput!"),
        ["reverseTransaction"] = ("mutation", "cancel", "input:ReverseTransactionInput!"),
        ["refundTransaction"] = ("mutation", "refund", "input:RefundTransactionInput!"),
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/braintree/graphql", Handle);
        routes.Map("/braintree/{**rest}", (HttpContext http) => Answer.Of(404, new { message = "Not Found" }).Send(http));
    }

    private async Task Handle(HttpContext http)
    {
        var body = await Json.Read(http.Request, http.RequestAborted);
        var (document, root, refusal) = Parse(http.Request, body);
        if (refusal is not null)
        {
            await refusal.Answer(null).Send(http);
            return;
        }

        try
        {
            await exchange.Handle(http, new Call(Provider, OperationOf(document!, root!), connection => Act(connection, document!, root!)));
        }
        catch (GraphQlException wrong)
        {
            // Found only now, but nothing of it was kept.
            await new BraintreeRefusal("VALIDATION", null, wrong.Message).Answer(null).Send(http);
        }
    }

    private static (GraphQlDocument? Document, Selection? Root, BraintreeRefusal? Refusal) Parse(HttpRequest request, JsonObject? body)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || string.IsNullOrWhiteSpace(BasicUser.Of(header[6..].Trim())))
            return (null, null, new("AUTHENTICATION", null, "Authentication credentials are invalid. See https://graphql.braintreepayments.com/guides/making_api_calls/."));
        if (!DateOnly.TryParseExact(request.Headers["Braintree-Version"], "yyyy-MM-dd", out _))
            return (null, null, new("UNSUPPORTED_CLIENT", null, "The Braintree-Version header is missing or isn't a date of the form YYYY-MM-DD."));
        try
        {
            var document = GraphQlDocument.Parse(body.Text("query") ?? throw new GraphQlException("The request holds no query."), body.Object("variables")?.DeepClone() as JsonObject ?? []);
            return (document, RootOf(document), null);
        }
        catch (GraphQlException wrong)
        {
            return (null, null, new("VALIDATION", null, wrong.Message));
        }
    }

    private static Selection RootOf(GraphQlDocument document)
    {
        if (document.Selections is not [{ Field: { } field } root])
            throw new GraphQlException("The sandbox takes one field of Query or Mutation at a time.");
        if (!Fields.TryGetValue(field, out var known) || known.Kind != document.Kind)
            throw new GraphQlException($"Validation error: Field '{field}' in type '{(document.Kind == "query" ? "Query" : "Mutation")}' is undefined");
        if (root.Selections.Count == 0 && field != "ping")
            throw new GraphQlException($"Validation error: Sub selection required for field '{field}'");
        CheckArguments(document, root, known.Input);
        return root;
    }

    private static void CheckArguments(GraphQlDocument document, Selection field, params string[] known)
    {
        var types = known.Where(one => one.Length > 0).Select(one => one.Split(':')).ToDictionary(one => one[0], one => one[1], StringComparer.Ordinal);
        foreach (var (argument, _) in field.Arguments)
        {
            if (!types.TryGetValue(argument, out var type))
                throw new GraphQlException($"Validation error: Unknown field argument '{argument}'");
            if (field.VariableOf.TryGetValue(argument, out var variable) && document.Variables[variable].TrimEnd('!') != type.TrimEnd('!'))
                throw new GraphQlException($"Validation error: Variable type '{document.Variables[variable]}' doesn't match expected type '{type}'");
        }

        foreach (var (argument, type) in types)
            InputTypes.Check(field.Arguments[argument], type, argument);
    }

    // Looking at a payment method is all that a shop can do here before it authorizes: where others create a payment.
    // And a search that names no order lists what there is.
    private static string OperationOf(GraphQlDocument document, Selection root) =>
        root.Field == "search" && root.Selections.All(one => one.Arguments.Object("input") is not { } input || input["orderId"] is null) ? "search"
        : root.Field == "node" && root.Selections.Any(one => (one.On ?? document.Fragments.GetValueOrDefault(one.Spread ?? "")?.On) == "PaymentMethod") ? "create" : Fields[root.Field!].Operation;

    private Answer Act(SqliteConnection connection, GraphQlDocument document, Selection root)
    {
        var field = root.Alias ?? root.Field!;
        try
        {
            var transactions = new Transactions(connection, time.GetUtcNow().ToUnixTimeSeconds(), !settlement.IsHeld);
            var whole = Whole(transactions, document, root);
            var data = root.Field == "ping" ? whole : document.Select(whole, root.Selections);
            return Answer.Of(200, new JsonObject { ["data"] = new JsonObject { [field] = data }, ["extensions"] = BraintreeJson.Request() });
        }
        catch (BraintreeRefusal refusal)
        {
            return refusal.Answer(field);
        }
    }

    private static JsonNode? Whole(Transactions transactions, GraphQlDocument document, Selection root)
    {
        var input = root.Arguments.Object("input");
        return root.Field switch
        {
            "ping" => JsonValue.Create("pong"),
            "node" => Node(transactions, root.Arguments.Text("id")),
            "search" => Search(transactions, document, root),
            "authorizePaymentMethod" => Payload(input, "transaction", BraintreeJson.Of(transactions.Authorize(input!))),
            "captureTransaction" => Payload(input, "transaction", BraintreeJson.Of(transactions.Capture(input!))),
            "reverseTransaction" => Payload(input, "reversal", transactions.Reverse(input!)),
            _ => Payload(input, "refund", transactions.Refund(input!)),
        };
    }

    private static JsonObject Node(Transactions transactions, string? id)
    {
        if (transactions.Find(id) is { } transaction)
            return BraintreeJson.Of(transaction);
        return TestMethod.Find(id ?? "") is { } method && !transactions.IsUsed(method) ? BraintreeJson.Of(method) : throw BraintreeRefusal.NotFound("node");
    }

    private static JsonObject Search(Transactions transactions, GraphQlDocument document, Selection root)
    {
        var search = new JsonObject { ["__typename"] = "Search" };
        foreach (var field in root.Selections.Where(one => one.Field == "transactions"))
        {
            CheckArguments(document, field, "input:TransactionSearchInput!", "first:Int", "after:String");
            var limit = (int)Math.Min(field.Arguments.Number("first") ?? LargestPage, LargestPage);
            var found = transactions.Search(field.Arguments.Object("input"));
            if (field.Arguments.Text("after") is { } after)
                found = found.SkipWhile(one => one.Id != after).Skip(1);
            var page = found.Take(limit + 1).ToList();
            var shown = page.Take(limit).ToList();
            search["transactions"] = new JsonObject
            {
                ["__typename"] = "TransactionConnection",
                ["edges"] = new JsonArray([.. shown.Select(one => new JsonObject { ["__typename"] = "TransactionConnectionEdge", ["cursor"] = one.Id, ["node"] = BraintreeJson.Of(one) })]),
                ["pageInfo"] = new JsonObject
                {
                    ["__typename"] = "PageInfo",
                    ["hasNextPage"] = page.Count > limit,
                    ["hasPreviousPage"] = false,
                    ["startCursor"] = shown.FirstOrDefault()?.Id,
                    ["endCursor"] = shown.LastOrDefault()?.Id,
                },
            };
        }

        return search;
    }

    private static JsonObject Payload(JsonObject? input, string name, JsonObject result) =>
        new() { ["__typename"] = "Payload", ["clientMutationId"] = input?["clientMutationId"]?.DeepClone(), [name] = result };
}
