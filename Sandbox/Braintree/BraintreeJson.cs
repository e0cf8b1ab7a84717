using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.Braintree;

/// <summary>Transactions, refunds and payment methods as Braintree shows them, whole: what a document doesn't select is cut off afterwards.</summary>
internal static class BraintreeJson
{
    public static string GlobalId(string type, string legacyId) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{type}_{legacyId}"));

    public static JsonObject Request()
    {
        var hex = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return new() { ["requestId"] = $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}" };
    }

    public static JsonObject Of(Transaction transaction) => new()
    {
        ["__typename"] = "Transaction",
        ["id"] = transaction.Id,
        ["legacyId"] = transaction.LegacyId,
        ["createdAt"] = Time(transaction.CreatedAt),
        ["status"] = transaction.Status,
        ["orderId"] = transaction.OrderId,
        ["amount"] = Amount(transaction.Amount, transaction.Currency),
        ["initialRequestedAuthorizationAmount"] = Amount(transaction.History[^1].Amount, transaction.Currency),
        ["merchantId"] = "sandbox",
        ["merchantAccountId"] = $"sandbox_{transaction.Currency}",
        ["purchaseOrderNumber"] = null,
        ["channel"] = null,
        ["customFields"] = new JsonArray(),
        ["statusHistory"] = new JsonArray([.. transaction.History.Select(past => Of(past, transaction))]),
        ["refunds"] = new JsonArray([.. transaction.Refunds.Select(refund => Of(refund, transaction, deep: false))]),
        ["paymentMethodSnapshot"] = Card(TestMethod.Find(transaction.Token)!),
        ["partiallyAuthorized"] = false,
    };

    /// <param name="deep">False inside its own transaction, which would hold it again.</param>
    public static JsonObject Of(Refund refund, Transaction transaction, bool deep = true) => new()
    {
        ["__typename"] = "Refund",
        ["id"] = refund.Id,
        ["legacyId"] = refund.LegacyId,
        ["createdAt"] = Time(refund.CreatedAt),
        ["status"] = refund.Status,
        ["orderId"] = refund.OrderId,
        ["amount"] = Amount(refund.Amount, transaction.Currency),
        ["merchantAccountId"] = $"sandbox_{transaction.Currency}",
        ["statusHistory"] = new JsonArray([.. HistoryOf(refund).Select(past => Of(past, transaction))]),
        ["refundedTransaction"] = deep ? Of(transaction) : null,
    };

    public static JsonObject Of(TestMethod method) => new()
    {
        ["__typename"] = "PaymentMethod",
        ["id"] = method.Token,
        ["legacyId"] = method.Token,
        ["usage"] = method.Usage,
        ["createdAt"] = null,
        ["details"] = Card(method),
    };

    private static JsonObject Of(StatusEvent past, Transaction transaction)
    {
        var json = new JsonObject
        {
            ["__typename"] = past.Status switch
            {
                Transaction.Authorized => "AuthorizedEvent",
                Transaction.Submitted => "SubmittedForSettlementEvent",
                Transaction.Settled => "SettledEvent",
                Transaction.Voided => "VoidedEvent",
                Transaction.ProcessorDeclined => "ProcessorDeclinedEvent",
                Transaction.GatewayRejected => "GatewayRejectedEvent",
                Transaction.SettlementDeclined => "SettlementDeclinedEvent",
                _ => "FailedEvent",
            },
            ["status"] = past.Status,
            ["timestamp"] = Time(past.At),
            ["terminal"] = past.Status is not (Transaction.Authorized or Transaction.Submitted),
            ["amount"] = Amount(past.Amount, transaction.Currency),
            ["source"] = "API",
        };
        if (past.Status is Transaction.Authorized or Transaction.ProcessorDeclined or Transaction.GatewayRejected or Transaction.Failed)
        {
            json["processorResponse"] = past.Response is null ? null : Response(past.Response);
            json["networkResponse"] = new JsonObject { ["__typename"] = "PaymentNetworkResponse", ["code"] = "XX", ["message"] = "sample network response text" };
        }

        if (past.Status is Transaction.SettlementDeclined)
            json["processorResponse"] = new JsonObject { ["__typename"] = "TransactionSettlementProcessorResponse", ["legacyCode"] = "4001", ["message"] = "Settlement Declined" };
        if (past.Status is Transaction.ProcessorDeclined)
            json["declineType"] = past.Response is "2000" or "2001" or "2002" or "2003" or "2016" or "2038" or "2046" ? "SOFT" : "HARD";
        if (past.Status is Transaction.GatewayRejected)
        {
            json["gatewayRejectionReason"] = past.Rejection;
            json["duplicateOf"] = past.DuplicateOf is { } original
                ? new JsonObject { ["__typename"] = "Transaction", ["id"] = GlobalId("transaction", original), ["legacyId"] = original, ["orderId"] = transaction.OrderId }
                : null;
        }

        return json;
    }

    private static IEnumerable<StatusEvent> HistoryOf(Refund refund)
    {
        if (refund.Status != Transaction.Submitted)
            yield return new(refund.Status, refund.CreatedAt, refund.Amount);
        yield return new(Transaction.Submitted, refund.CreatedAt, refund.Amount);
    }

    private static JsonObject Response(string code) => new()
    {
        ["__typename"] = "TransactionAuthorizationProcessorResponse",
        ["legacyCode"] = code,
        ["message"] = code switch
        {
            "1000" => "Approved",
            "2000" => "Do Not Honor",
            "2001" => "Insufficient Funds",
            "2004" => "Expired Card",
            "2046" => "Declined",
            "3000" => "Processor Network Unavailable - Try Again",
            _ => "Processor Declined",
        },
        ["authorizationId"] = code == "1000" ? Ids.Hex("", 6).ToUpperInvariant() : null,
        ["cvvResponse"] = null,
        ["avsPostalCodeResponse"] = null,
        ["avsStreetAddressResponse"] = null,
    };

    private static JsonObject Card(TestMethod method) => new()
    {
        ["__typename"] = "CreditCardDetails",
        ["brandCode"] = method.Brand,
        ["last4"] = "1881",
        ["bin"] = "401288",
        ["expirationMonth"] = "12",
        ["expirationYear"] = "2034",
        ["cardholderName"] = null,
    };

    private static JsonObject Amount(long minor, string currency) =>
        new() { ["__typename"] = "MonetaryAmount", ["value"] = Amounts.Show(minor, currency), ["currencyCode"] = currency, ["currencyIsoCode"] = currency };

    private static string Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
