using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Sandbox.Braintree;

/// <summary>What can be done with transactions: authorize, capture, reverse, refund, find.</summary>
internal sealed class Transactions(SqliteConnection database, long now, bool settles)
{
    private const string Kind = "transaction";

    /// <summary>The gateway's own check, 30 s unless the merchant says otherwise.</summary>
    private const long DuplicateSeconds = 30;

    public Transaction Authorize(JsonObject input)
    {
        var asked = input.Object("transaction")!;
        var currency = Amounts.CurrencyOf(asked.Text("merchantAccountId"));
        var amount = Amounts.Read(asked["amount"]!, currency, "input.transaction.amount");
        if (asked.Text("orderId") is { Length: > 255 })
            throw BraintreeRefusal.Invalid("91501", "Order ID is too long.", "input.transaction.orderId");
        var method = Use(input.Text("paymentMethodId"));
        var transaction = new Transaction
        {
            LegacyId = Ids.Letters("", 8).ToLowerInvariant(),
            CreatedAt = now,
            Token = method.Token,
            Currency = currency,
            Amount = amount,
            OrderId = asked.Text("orderId"),
        };
        return Put(transaction with { History = [Outcome(transaction, method)] });
    }

    public Transaction Capture(JsonObject input)
    {
        var transaction = Get(input.Text("transactionId"));
        if (transaction.Status != Transaction.Authorized)
            throw BraintreeRefusal.Invalid("91507", $"Cannot submit for settlement unless status is authorized.", "input.transactionId");
        var asked = input.Object("transaction")?["amount"] ?? input["amount"];
        var amount = asked is null ? transaction.Amount : Amounts.Read(asked, transaction.Currency, "input.transaction.amount");
        return amount <= transaction.Amount
            ? Put(transaction.With(Transaction.Submitted, now, amount))
            : throw BraintreeRefusal.Invalid("91522", "Settlement amount is too large.", "input.transaction.amount");
    }

    /// <summary>Voids what hasn't settled; refunds what has.</summary>
    public JsonObject Reverse(JsonObject input)
    {
        var transaction = Get(input.Text("transactionId"));
        if (transaction.Status is Transaction.Authorized or Transaction.Submitted)
            return BraintreeJson.Of(Put(transaction.With(Transaction.Voided, now)));
        if (transaction.Status != Transaction.Settled)
            throw BraintreeRefusal.Invalid("91504", "Transaction can only be voided if status is authorized, submitted_for_settlement, or - for PayPal - settlement_pending.", "input.transactionId");
        return Give(transaction, transaction.Amount, transaction.OrderId);
    }

    public JsonObject Refund(JsonObject input)
    {
        var transaction = Get(input.Text("transactionId"));
        if (transaction.Status != Transaction.Settled)
            throw BraintreeRefusal.Invalid("91506", "Cannot refund transaction unless it is settled.", "input.transactionId");
        var asked = input.Object("refund");
        var amount = asked?["amount"] is { } given ? Amounts.Read(given, transaction.Currency, "input.refund.amount") : transaction.Amount - transaction.Refunded;
        return Give(transaction, amount, asked.Text("orderId") ?? transaction.OrderId);
    }

    /// <summary>Newest first.</summary>
    public IEnumerable<Transaction> Search(JsonObject? input) => database.Newest<Transaction>(BraintreeApi.Name, Kind).ToList().Select(Settle)
        .Where(one => Fits(input.Object("orderId"), one.OrderId) && Fits(input.Object("id"), one.Id) && Fits(input.Object("status"), one.Status)
            && IsWithin(input.Object("createdAt"), one.CreatedAt));

    public Transaction? Find(string? id) => database.Get<Transaction>(BraintreeApi.Name, Kind, id ?? "") is { } found ? Settle(found) : null;

    public bool IsUsed(TestMethod method) => database.Get<UsedMethod>(BraintreeApi.Name, "method", method.Token) is not null;

    private static bool Fits(JsonObject? wanted, string? value) => wanted is null
        || ((wanted.Text("is") is not { } same || same == value)
            && (wanted.Text("isNot") is not { } other || other != value)
            && (wanted.Text("startsWith") is not { } start || value?.StartsWith(start, StringComparison.Ordinal) == true)
            && (wanted.Text("endsWith") is not { } end || value?.EndsWith(end, StringComparison.Ordinal) == true)
            && (wanted.Text("contains") is not { } part || value?.Contains(part, StringComparison.Ordinal) == true)
            && (wanted.Array("in") is not { } list || list.Any(item => (string?)item == value)));

    private static bool IsWithin(JsonObject? wanted, long at) =>
        (Time(wanted, "greaterThanOrEqualTo") is not { } from || at >= from) && (Time(wanted, "lessThanOrEqualTo") is not { } to || at <= to);

    private static long? Time(JsonObject? wanted, string name) => wanted.Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time) ? time.ToUnixTimeSeconds()
        : throw new GraphQlException("Variable 'input' has an invalid value: Invalid Timestamp");

    private Transaction Get(string? id) => Find(id) ?? throw BraintreeRefusal.NotFound("transaction");

    private Transaction Settle(Transaction transaction)
    {
        if (settles && transaction.Status == Transaction.Submitted)
            return Put(transaction.With(Transaction.Settled, now));
        var isReturned = settles && transaction.Refunds.Exists(refund => refund.Status == Transaction.Submitted) && TestMethod.Find(transaction.Token) is { Returns: true };
        return isReturned ? Put(transaction with { Refunds = [.. transaction.Refunds.Select(refund => refund with { Status = Transaction.SettlementDeclined })] }) : transaction;
    }

    private TestMethod Use(string? token)
    {
        var method = TestMethod.Find(token ?? "") ?? throw BraintreeRefusal.Invalid("91565", "Unknown or expired single-use payment method.", "input.paymentMethodId");
        if (method.Token == TestMethod.Consumed || (method.Once && IsUsed(method)))
            throw BraintreeRefusal.Invalid("91564", "Cannot use a single-use payment method more than once.", "input.paymentMethodId");
        if (method.Token == TestMethod.BadNumber)
            throw BraintreeRefusal.Invalid("81715", "Credit card number is invalid.", "input.paymentMethodId");
        if (method.Once)
            database.Put(BraintreeApi.Name, "method", method.Token, new UsedMethod(now));
        return method;
    }

    private StatusEvent Outcome(Transaction asked, TestMethod method)
    {
        if (DuplicateOf(asked) is { } original)
            return new(Transaction.GatewayRejected, now, asked.Amount, Rejection: "DUPLICATE", DuplicateOf: original.LegacyId);
        if (method.Rejection is { } reason)
            return new(Transaction.GatewayRejected, now, asked.Amount, Rejection: reason);
        var response = method.Response != "1000" ? method.Response : ResponseTo(asked.Amount, asked.Currency);
        var status = response[0] switch { '1' => Transaction.Authorized, '2' => Transaction.ProcessorDeclined, _ => Transaction.Failed };
        return new(status, now, asked.Amount, response);
    }

    /// <summary>2001.00 declines with 2001, and so on up to 3000.99, whatever the currency.</summary>
    private static string ResponseTo(long amount, string currency)
    {
        var major = Amounts.Show(amount, currency).Split('.')[0];
        return major is ['2', _, _, _] or "3000" ? major : "1000";
    }

    private Transaction? DuplicateOf(Transaction asked) => asked.OrderId is null ? null : database.Newest<Transaction>(BraintreeApi.Name, Kind)
        .TakeWhile(one => one.CreatedAt > now - DuplicateSeconds).ToList()
        .Find(one => one.IsLive && one.OrderId == asked.OrderId && one.Token == asked.Token && one.Amount == asked.Amount && one.Currency == asked.Currency);

    private JsonObject Give(Transaction transaction, long amount, string? orderId)
    {
        if (transaction.Refunded == transaction.Amount)
            throw BraintreeRefusal.Invalid("91512", "Transaction has already been fully refunded.", "input.transactionId");
        if (amount > transaction.Amount - transaction.Refunded)
            throw BraintreeRefusal.Invalid("91521", "Refund amount is too large.", "input.refund.amount");
        var refund = new Refund(Ids.Letters("", 8).ToLowerInvariant(), now, amount, orderId);
        var given = Put(transaction with { Refunds = [.. transaction.Refunds, refund] });
        return BraintreeJson.Of(refund, given);
    }

    private Transaction Put(Transaction transaction)
    {
        database.Put(BraintreeApi.Name, Kind, transaction.Id, transaction);
        var captured = transaction.Status is Transaction.Submitted or Transaction.Settled ? transaction.Amount : 0;
        var state = transaction.Status switch
        {
            Transaction.Authorized => "authorized",
            Transaction.Voided => "voided",
            Transaction.Submitted or Transaction.Settled => transaction.Refunded == transaction.Amount ? "refunded" : "captured",
            _ => "declined",
        };
        // The shop's orders are named after its checkouts, with a dot and the attempt after it.
        var reference = transaction.OrderId?.LastIndexOf('.') is > 0 and var dot ? transaction.OrderId[..dot] : transaction.OrderId;
        database.Record(new LedgerPayment(BraintreeApi.Name, transaction.Id, reference, transaction.History[^1].Amount, transaction.Currency, state, captured, transaction.Refunded));
        return transaction;
    }

    private sealed record UsedMethod(long At);
}
