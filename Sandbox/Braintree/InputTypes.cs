using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Braintree;

/// <summary>What mutations and searches take, by the published types: names, required ones, kinds.</summary>
internal static class InputTypes
{
    private static readonly Dictionary<string, Dictionary<string, string>> Types = new(StringComparer.Ordinal)
    {
        ["AuthorizePaymentMethodInput"] = Fields("clientMutationId:String paymentMethodId:ID! transaction:TransactionInput!"),
        ["TransactionInput"] = Fields(
            """
            amount:Amount! merchantAccountId:ID orderId:String exchangeRateQuoteId:ID purchaseOrderNumber:String riskData:Object customFields:List descriptor:Object
            recurring:Enum paymentInitiator:Enum channel:String customerId:ID shipping:Object tax:Object discountAmount:String surchargeAmount:String lineItems:List
            threeDSecurePassThrough:Object vaultPaymentMethodAfterTransacting:Object customerDetails:Object processingOverrides:Object industry:Object
            """),
        ["CaptureTransactionInput"] = Fields("clientMutationId:String transactionId:ID! amount:Amount transaction:CaptureTransactionOptionsInput"),
        ["CaptureTransactionOptionsInput"] = Fields(
            "amount:Amount descriptor:Object discountAmount:String lineItems:List orderId:String purchaseOrderNumber:String shipping:Object tax:Object industry:Object"),
        ["RefundTransactionInput"] = Fields("clientMutationId:String transactionId:ID! refund:RefundInput"),
        ["RefundInput"] = Fields("amount:Amount orderId:String merchantAccountId:ID description:String reason:String lineItems:List"),
        ["ReverseTransactionInput"] = Fields("clientMutationId:String transactionId:ID!"),
        ["TransactionSearchInput"] = Fields("id:SearchValueInput status:SearchTransactionStatusInput createdAt:SearchTimestampInput orderId:SearchTextInput"),
        ["SearchValueInput"] = Fields("is:String in:List"),
        ["SearchTextInput"] = Fields("is:String isNot:String startsWith:String endsWith:String contains:String"),
        ["SearchTransactionStatusInput"] = Fields("is:Enum in:List"),
        ["SearchTimestampInput"] = Fields("greaterThanOrEqualTo:String lessThanOrEqualTo:String"),
    };

    /// <summary>Throws where the value isn't of that type.</summary>
    public static void Check(JsonNode? value, string type, string path)
    {
        if (value is null)
        {
            if (type.EndsWith('!'))
                throw new GraphQlException($"Variable '{path}' has an invalid value: Field '{path}' has coerced Null value for NonNull type '{type}'");
            return;
        }

        var name = type.TrimEnd('!');
        if (Types.TryGetValue(name, out var fields))
            Check(value as JsonObject ?? throw Wrong(path, name), name, fields, path);
        else if (!IsOf(name, value.GetValueKind()))
            throw Wrong(path, name);
    }

    private static void Check(JsonObject value, string type, Dictionary<string, string> fields, string path)
    {
        foreach (var (given, _) in value)
        {
            if (!fields.ContainsKey(given))
                throw new GraphQlException($"Variable '{path}' has an invalid value: The variables input contains a field name '{given}' that is not defined for input object type '{type}'");
        }

        foreach (var (field, wanted) in fields)
            Check(value[field], wanted, $"{path}.{field}");
    }

    private static bool IsOf(string type, JsonValueKind kind) => type switch
    {
        "Object" => kind == JsonValueKind.Object,
        "List" => kind == JsonValueKind.Array,
        "Int" => kind == JsonValueKind.Number,
        "ID" or "Amount" => kind is JsonValueKind.String or JsonValueKind.Number,
        _ => kind == JsonValueKind.String,
    };

    private static GraphQlException Wrong(string path, string type) => new($"Variable '{path}' has an invalid value: Expected a value that can be converted to type '{type}'");

    private static Dictionary<string, string> Fields(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Split(':')).ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
}
