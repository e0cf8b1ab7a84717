using System.Globalization;
using System.Text.Json.Nodes;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The fake's payment intents and their life, with fields that no client knows.</summary>
internal sealed class StripeIntents
{
    private readonly Dictionary<string, JsonObject> intents = [];
    private readonly List<JsonObject> refunds = [];

    /// <summary>When the next payments are created, in Stripe's seconds.</summary>
    public long Created { get; set; } = 1_700_000_000;

    public JsonObject? Find(string id) => intents.GetValueOrDefault(id);

    public (int Status, string Body) Answer(HttpMethod method, Uri uri, Dictionary<string, string> form)
    {
        var path = uri.AbsolutePath[(uri.AbsolutePath.IndexOf("/v1/", StringComparison.Ordinal) + 4)..].Split('/');
        if (path[0] == "refunds")
            return Written(method == HttpMethod.Get ? List(uri) : Refund(form["payment_intent"], Number(form["amount"]), form.GetValueOrDefault("metadata[key]")));
        if (path.Length == 1)
            return Written(method == HttpMethod.Get ? Page(intents.Values, uri) : Create(form));
        if (Find(path[1]) is not { } intent)
            return Written(Error(404, "resource_missing", "intent"));
        var answer = path.ElementAtOrDefault(2) switch
        {
            "confirm" => Confirm(intent),
            "capture" => Capture(intent, Number(form["amount_to_capture"])),
            "cancel" => Cancel(intent),
            _ => (200, intent),
        };
        var isExpanded = method == HttpMethod.Get && Uri.UnescapeDataString(uri.Query).Contains("expand[0]=latest_charge", StringComparison.Ordinal);
        return Written(answer.Item1 == 200 ? (200, isExpanded ? answer.Item2 : Unexpanded(answer.Item2)) : answer);
    }

    public (int Status, JsonObject Body) Refund(string id, long amount, string? key = null)
    {
        if ((string?)Find(id)!["status"] != "succeeded")
            return Error(400, "payment_intent_unexpected_state");
        var charge = Find(id)!["latest_charge"]!.AsObject();
        if (amount > (long)charge["amount"]! - (long)charge["amount_refunded"]!)
            return Error(400, "charge_already_refunded", "amount");
        charge["amount_refunded"] = (long)charge["amount_refunded"]! + amount;
        refunds.Add(new()
        {
            ["id"] = $"re_{refunds.Count + 1}",
            ["object"] = "refund",
            ["amount"] = amount,
            ["currency"] = "usd",
            ["metadata"] = key is null ? [] : new JsonObject { ["key"] = key },
            ["payment_intent"] = id,
            ["status"] = "succeeded",
        });
        return (200, refunds[^1]);
    }

    /// <summary>The buyer's bank turns the last refund down: its money comes back.</summary>
    public void FailLastRefund()
    {
        var refund = refunds[^1];
        (refund["status"], refund["failure_reason"]) = ("failed", "lost_or_stolen_card");
        var charge = Find((string)refund["payment_intent"]!)!["latest_charge"]!;
        charge["amount_refunded"] = (long)charge["amount_refunded"]! - (long)refund["amount"]!;
    }

    /// <summary>Newest first, in pages of two whatever is asked for.</summary>
    private (int Status, JsonObject Body) List(Uri uri)
    {
        var query = System.Web.HttpUtility.ParseQueryString(uri.Query);
        return Page(refunds.Where(refund => (string?)refund["payment_intent"] == query["payment_intent"]), uri);
    }

    private static (int Status, JsonObject Body) Page(IEnumerable<JsonObject> all, Uri uri)
    {
        var query = System.Web.HttpUtility.ParseQueryString(uri.Query);
        var since = query["created[gte]"] is { } text ? Number(text) : 0;
        var found = all.Where(one => (long?)one["created"] is not { } created || created >= since).Reverse().ToList();
        var from = found.FindIndex(one => (string?)one["id"] == query["starting_after"]) + 1;
        var page = found.Skip(from).Take(2).Select(one => one.DeepClone()).ToArray();
        return (200, new() { ["object"] = "list", ["data"] = new JsonArray(page), ["has_more"] = from + page.Length < found.Count });
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static (int Status, string Body) Written((int Status, JsonObject Body) answer) => (answer.Status, answer.Body.ToJsonString());

    private static JsonObject Unexpanded(JsonObject intent)
    {
        var copy = intent.DeepClone().AsObject();
        copy["latest_charge"] = (string?)copy["latest_charge"]?["id"];
        return copy;
    }

    private static (int Status, JsonObject Body) Error(int status, string code, string? param = null) =>
        (status, new() { ["error"] = new JsonObject { ["type"] = "invalid_request_error", ["code"] = code, ["param"] = param, ["message"] = "No." } });

    private (int Status, JsonObject Body) Create(Dictionary<string, string> form)
    {
        if (!form["payment_method"].StartsWith("pm_card_", StringComparison.Ordinal))
            return Error(400, "resource_missing", "payment_method");
        if (Number(form["amount"]) < 50)
            return Error(400, "amount_too_small", "amount");
        var intent = new JsonObject
        {
            ["id"] = $"pi_{intents.Count + 1}",
            ["object"] = "payment_intent",
            ["amount"] = Number(form["amount"]),
            ["amount_received"] = 0,
            ["client_secret"] = $"pi_{intents.Count + 1}_secret",
            ["created"] = Created,
            ["currency"] = form["currency"],
            ["latest_charge"] = null,
            ["metadata"] = new JsonObject { ["checkout_id"] = form["metadata[checkout_id]"], ["key"] = form["metadata[key]"] },
            ["payment_method"] = form["payment_method"],
            ["status"] = "requires_confirmation",
            ["of_a_later_version"] = new JsonObject { ["nested"] = new JsonArray(1, "two") },
        };
        intents.Add((string)intent["id"]!, intent);
        return (200, intent);
    }

    private static (int Status, JsonObject Body) Confirm(JsonObject intent)
    {
        if ((string?)intent["status"] != "requires_confirmation")
            return Error(400, "payment_intent_unexpected_state");
        var token = (string)intent["payment_method"]!;
        if (token.StartsWith("pm_card_declined_", StringComparison.Ordinal))
            return Decline(intent, token["pm_card_declined_".Length..]);
        if (token == "pm_card_authenticationRequired")
        {
            intent["status"] = "requires_action";
            intent["next_action"] = new JsonObject { ["type"] = "use_stripe_sdk", ["use_stripe_sdk"] = new JsonObject { ["stripe_js"] = "for Stripe's own script" } };
            return (200, intent);
        }

        Hold(intent);
        return (200, intent);
    }

    // Some declines have a code and no decline_code.
    private static (int Status, JsonObject Body) Decline(JsonObject intent, string code)
    {
        var isCodeOnly = code == "expired_card";
        var error = new JsonObject
        {
            ["type"] = "card_error",
            ["code"] = isCodeOnly ? code : "card_declined",
            ["decline_code"] = isCodeOnly ? null : code,
            ["message"] = "Your card was declined.",
        };
        intent["status"] = "requires_payment_method";
        intent["last_payment_error"] = error;
        return (402, new() { ["error"] = error.DeepClone() });
    }

    internal static void Hold(JsonObject intent)
    {
        intent["status"] = "requires_capture";
        intent["next_action"] = null;
        intent["latest_charge"] = new JsonObject
        {
            ["id"] = "ch_1",
            ["object"] = "charge",
            ["amount"] = (long)intent["amount"]!,
            ["amount_captured"] = 0L,
            ["amount_refunded"] = 0L,
        };
    }

    private static (int Status, JsonObject Body) Capture(JsonObject intent, long amount)
    {
        if ((string?)intent["status"] != "requires_capture")
            return Error(400, "payment_intent_unexpected_state");
        intent["status"] = "succeeded";
        intent["amount_received"] = amount;
        intent["latest_charge"]!["amount_captured"] = amount;
        intent["latest_charge"]!["amount_refunded"] = (long)intent["amount"]! - amount;
        return (200, intent);
    }

    // A hold that is released, wholly or in part, counts as refunded on the charge, as at Stripe.
    private static (int Status, JsonObject Body) Cancel(JsonObject intent)
    {
        if ((string?)intent["status"] is "succeeded" or "canceled" or "processing")
            return Error(400, "payment_intent_unexpected_state");
        intent["status"] = "canceled";
        if (intent["latest_charge"] is JsonObject charge)
            charge["amount_refunded"] = (long)charge["amount"]!;
        return (200, intent);
    }
}
