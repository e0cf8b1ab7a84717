using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Stripe;

/// <summary>Stripe's objects on the wire.</summary>
internal static class StripeJson
{
    /// <param name="expand">Of <c>latest_charge</c> and <c>payment_method</c>; deeper paths stay ids.</param>
    public static JsonObject Of(PaymentIntent intent, IEnumerable<string>? expand = null)
    {
        var roots = Roots(expand ?? []);
        return new JsonObject
        {
            ["id"] = intent.Id,
            ["object"] = "payment_intent",
            ["amount"] = intent.Amount,
            ["amount_capturable"] = intent.Capturable,
            ["amount_details"] = new JsonObject { ["tip"] = new JsonObject() },
            ["amount_received"] = intent.Received,
            ["application"] = null,
            ["application_fee_amount"] = null,
            ["automatic_payment_methods"] = intent.Automatic is { } automatic
                ? new JsonObject { ["allow_redirects"] = automatic.AllowRedirects, ["enabled"] = automatic.Enabled }
                : null,
            ["canceled_at"] = intent.CanceledAt,
            ["cancellation_reason"] = intent.CancellationReason,
            ["capture_method"] = intent.CaptureMethod,
            ["client_secret"] = intent.ClientSecret,
            ["confirmation_method"] = "automatic",
            ["created"] = intent.Created,
            ["currency"] = intent.Currency,
            ["customer"] = intent.Customer,
            ["description"] = intent.Description,
            ["last_payment_error"] = intent.LastError is { } error ? Of(error) : null,
            ["latest_charge"] = intent.Charge is not { } charge ? null : roots.Contains("latest_charge") ? Of(charge, intent) : charge.Id,
            ["livemode"] = false,
            ["metadata"] = Map(intent.Metadata),
            ["next_action"] = NextAction(intent),
            ["on_behalf_of"] = null,
            ["payment_method"] = intent.Method is not { } method ? null : roots.Contains("payment_method") ? Of(method) : method.Id,
            ["payment_method_options"] = new JsonObject
            {
                ["card"] = new JsonObject
                {
                    ["installments"] = null,
                    ["mandate_options"] = null,
                    ["network"] = null,
                    ["request_three_d_secure"] = "automatic",
                },
            },
            ["payment_method_types"] = new JsonArray([.. intent.MethodTypes.Select(type => (JsonNode)type)]),
            ["processing"] = null,
            ["receipt_email"] = intent.ReceiptEmail,
            ["review"] = null,
            ["setup_future_usage"] = null,
            ["shipping"] = intent.Shipping.Count == 0 ? null : Shipping(intent.Shipping),
            ["source"] = null,
            ["statement_descriptor"] = null,
            ["statement_descriptor_suffix"] = intent.StatementDescriptorSuffix,
            ["status"] = intent.Status,
            ["transfer_data"] = null,
            ["transfer_group"] = null,
        };
    }

    public static JsonObject Of(Refund refund)
    {
        var json = Written(refund);
        if (refund.Status == Refund.Failed)
            json["failure_reason"] = "lost_or_stolen_card";
        return json;
    }

    private static JsonObject Written(Refund refund) => new()
    {
        ["id"] = refund.Id,
        ["object"] = "refund",
        ["amount"] = refund.Amount,
        ["balance_transaction"] = "txn_" + refund.Id[3..],
        ["charge"] = refund.Charge,
        ["created"] = refund.Created,
        ["currency"] = refund.Currency,
        ["destination_details"] = new JsonObject
        {
            ["card"] = new JsonObject
            {
                ["reference_status"] = "pending",
                ["reference_type"] = "acquirer_reference_number",
                ["type"] = "refund",
            },
            ["type"] = "card",
        },
        ["metadata"] = Map(refund.Metadata),
        ["payment_intent"] = refund.PaymentIntent,
        ["reason"] = refund.Reason,
        ["receipt_number"] = null,
        ["source_transfer_reversal"] = null,
        ["status"] = refund.Status,
        ["transfer_reversal"] = null,
    };

    /// <summary>The error of a card that was refused: the whole intent goes with it.</summary>
    public static JsonObject CardError(PaymentIntent intent)
    {
        var error = Of(intent.LastError!);
        error["payment_intent"] = Of(intent);
        error["param"] = "";
        return new JsonObject { ["error"] = error };
    }

    public static JsonObject Of(PaymentMethod method) => new()
    {
        ["id"] = method.Id,
        ["object"] = "payment_method",
        ["billing_details"] = BillingDetails(),
        ["card"] = Card(method.Card),
        ["created"] = method.Created,
        ["customer"] = null,
        ["livemode"] = false,
        ["metadata"] = new JsonObject(),
        ["type"] = "card",
    };

    public static JsonObject Of(Charge charge, PaymentIntent intent) => new()
    {
        ["id"] = charge.Id,
        ["object"] = "charge",
        ["amount"] = intent.Amount,
        ["amount_captured"] = intent.Received,
        ["amount_refunded"] = Returned(charge, intent),
        ["billing_details"] = BillingDetails(),
        ["captured"] = intent.Received > 0,
        ["created"] = charge.Created,
        ["currency"] = intent.Currency,
        ["customer"] = intent.Customer,
        ["disputed"] = false,
        ["failure_code"] = charge.Decline?.Code,
        ["failure_message"] = charge.Decline?.Message,
        ["livemode"] = false,
        ["metadata"] = Map(intent.Metadata),
        ["outcome"] = new JsonObject
        {
            ["network_status"] = charge.Paid ? "approved_by_network" : "declined_by_network",
            ["reason"] = charge.Decline?.DeclineCode,
            ["risk_level"] = "normal",
            ["seller_message"] = charge.Paid ? "Payment complete." : "The bank did not return any further details with this decline.",
            ["type"] = charge.Paid ? "authorized" : "issuer_declined",
        },
        ["paid"] = charge.Paid,
        ["payment_intent"] = intent.Id,
        ["payment_method"] = charge.MethodId,
        ["refunded"] = charge.Paid && Returned(charge, intent) == intent.Amount,
        ["status"] = charge.Paid ? "succeeded" : "failed",
    };

    public static JsonObject List(string url, IEnumerable<JsonObject> data, bool hasMore) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. data]),
        ["has_more"] = hasMore,
        ["url"] = url,
    };

    // What wasn't captured goes back to the buyer as well: Stripe counts it as refunded.
    private static long Returned(Charge charge, PaymentIntent intent) => !charge.Paid ? 0 : intent.Status switch
    {
        PaymentIntent.Succeeded => intent.Amount - intent.Received + intent.Refunded,
        PaymentIntent.Canceled => intent.Amount,
        _ => 0,
    };

    private static JsonObject Of(LastError error)
    {
        var json = new JsonObject
        {
            ["code"] = error.Decline.Code,
            ["doc_url"] = StripeRefusal.DocUrl(error.Decline.Code),
            ["message"] = error.Decline.Message,
            ["payment_method"] = Of(error.Method),
            ["type"] = error.Decline.Type,
        };
        if (error.ChargeId is not null)
            json["charge"] = error.ChargeId;
        if (error.Decline.DeclineCode is not null)
            json["decline_code"] = error.Decline.DeclineCode;
        return json;
    }

    private static JsonObject? NextAction(PaymentIntent intent) => intent switch
    {
        { Status: not PaymentIntent.RequiresAction } => null,
        { ReturnUrl: null } => new JsonObject
        {
            ["type"] = "use_stripe_sdk",
            ["use_stripe_sdk"] = new JsonObject { ["type"] = "three_d_secure_redirect", ["stripe_js"] = intent.ActionUrl },
        },
        _ => new JsonObject
        {
            ["type"] = "redirect_to_url",
            ["redirect_to_url"] = new JsonObject { ["return_url"] = intent.ReturnUrl, ["url"] = intent.ActionUrl },
        },
    };

    private static JsonObject Card(TestCard card) => new()
    {
        ["brand"] = card.Brand,
        ["checks"] = new JsonObject { ["address_line1_check"] = null, ["address_postal_code_check"] = null, ["cvc_check"] = null },
        ["country"] = "US",
        ["exp_month"] = 12,
        ["exp_year"] = 2034,
        ["funding"] = "credit",
        ["last4"] = card.Last4,
        ["three_d_secure_usage"] = new JsonObject { ["supported"] = true },
        ["wallet"] = null,
    };

    private static JsonObject BillingDetails() => new()
    {
        ["address"] = new JsonObject
        {
            ["city"] = null,
            ["country"] = null,
            ["line1"] = null,
            ["line2"] = null,
            ["postal_code"] = null,
            ["state"] = null,
        },
        ["email"] = null,
        ["name"] = null,
        ["phone"] = null,
    };

    // The fields arrive as "name" and "address][line1".
    private static JsonObject Shipping(Dictionary<string, string> fields)
    {
        string? Field(string name) => fields.GetValueOrDefault(name);
        var address = new JsonObject();
        foreach (var name in new[] { "city", "country", "line1", "line2", "postal_code", "state" })
            address[name] = Field($"address][{name}");
        return new()
        {
            ["address"] = address,
            ["carrier"] = Field("carrier"),
            ["name"] = Field("name"),
            ["phone"] = Field("phone"),
            ["tracking_number"] = Field("tracking_number"),
        };
    }

    private static HashSet<string> Roots(IEnumerable<string> expand)
    {
        var roots = expand.Select(path => path.StartsWith("data.", StringComparison.Ordinal) ? path[5..] : path).Select(path => path.Split('.')[0]).ToHashSet();
        if (roots.FirstOrDefault(root => root is not ("latest_charge" or "payment_method" or "customer")) is { } unknown)
            throw StripeRefusal.Invalid(null, $"This property cannot be expanded ({unknown}).", "expand");
        return roots;
    }

    private static JsonNode Map(Dictionary<string, string> map) => JsonSerializer.SerializeToNode(map)!;
}
