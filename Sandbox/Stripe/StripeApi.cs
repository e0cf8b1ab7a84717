using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Calls;

namespace Sandbox.Stripe;

/// <summary>Stripe's <c>/v1</c>: payment intents and refunds, with test tokens, 3-D Secure and idempotency keys.</summary>
internal sealed class StripeApi(Exchange exchange, IdempotencyKeys keys, StripeEvents events, Database database, TimeProvider time)
{
    public const string Name = "stripe";
    public const string DefaultVersion = "2023-08-16";
    private static readonly Provider Provider = new(Name, ServerError, TooManyRequests);

    // What each call takes; all take "expand".
    private static readonly string[] Pages = ["limit", "starting_after", "ending_before"];

    private static readonly string[] Confirm =
    [
        "capture_method", "client_secret", "error_on_requires_action", "mandate", "mandate_data", "off_session", "payment_method", "payment_method_data", "payment_method_options",
        "payment_method_types", "radar_options", "receipt_email", "return_url", "setup_future_usage", "shipping", "use_stripe_sdk",
    ];

    private static readonly string[] Capture =
        ["amount_to_capture", "application_fee_amount", "final_capture", "metadata", "statement_descriptor", "statement_descriptor_suffix", "transfer_data"];

    private static readonly string[] Refund =
        ["amount", "charge", "currency", "customer", "instructions_email", "metadata", "origin", "payment_intent", "reason", "refund_application_fee", "reverse_transfer"];

    private delegate JsonObject Act(PaymentIntents intents, StripeForm form, string id);

    public void Map(IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup("/stripe/v1");
        v1.MapPost("payment_intents", On("create", CreateParameters.Known, (intents, form, _) => Shown(intents.Create(form), form)));
        v1.MapGet("payment_intents", On("search", ["created", "customer", .. Pages], (intents, form, _) => PaymentIntentSearch.List(intents, form)));
        v1.MapGet("payment_intents/search", On("search", ["query", "limit", "page"], (intents, form, _) => PaymentIntentSearch.Search(intents, form)));
        v1.MapGet("payment_intents/{id}", On("retrieve", ["client_secret"], (intents, form, id) => StripeJson.Of(intents.Get(id), form.Expand)));
        v1.MapPost("payment_intents/{id}/confirm", On("confirm", Confirm, (intents, form, id) => Shown(intents.Confirm(id, form), form)));
        v1.MapPost("payment_intents/{id}/capture", On("capture", Capture, (intents, form, id) => StripeJson.Of(intents.Capture(id, form), form.Expand)));
        v1.MapPost("payment_intents/{id}/cancel", On("cancel", ["cancellation_reason"], (intents, form, id) => StripeJson.Of(intents.Cancel(id, form), form.Expand)));
        v1.MapPost("refunds", On("refund", Refund, (intents, form, _) => StripeJson.Of(intents.Refund(form))));
        v1.MapGet("refunds", On("retrieve", ["charge", "created", "payment_intent", .. Pages], (intents, form, _) => PaymentIntentSearch.ListRefunds(intents, form)));
        v1.MapGet("refunds/{id}", On("retrieve", [], (intents, _, id) => StripeJson.Of(intents.GetRefund(id))));
        new ThreeDSecure(database, events, time).Map(routes.MapGroup("/stripe/3ds"));
        routes.Map("/stripe/{**rest}", (HttpContext http) => Unrecognized(http).Send(http));
    }

    // A card that was refused is an answer with effects, so it isn't thrown: throwing would take them back.
    private static JsonObject Shown(PaymentIntent intent, StripeForm form) =>
        intent.LastError is not null ? StripeJson.CardError(intent) : StripeJson.Of(intent, form.Expand);

    private RequestDelegate On(string operation, string[] parameters, Act act) => async http =>
    {
        if (Unauthorized(http.Request) is { } unauthorized)
        {
            await unauthorized.Send(http);
            return;
        }

        if (http.Request.ContentLength > 0 && !HttpMethods.IsGet(http.Request.Method) && !http.Request.HasFormContentType)
        {
            await StripeRefusal.Invalid(null, "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.")
                .Answer().Send(http);
            return;
        }

        var form = await StripeForm.Read(http.Request, http.RequestAborted);
        var id = http.Request.RouteValues["id"] as string ?? "";
        var key = HttpMethods.IsPost(http.Request.Method) ? http.Request.Headers["Idempotency-Key"].FirstOrDefault() : null;
        http.Response.Headers["Stripe-Version"] = form.ApiVersion ?? DefaultVersion;
        var call = new Call(Provider, operation, connection => Answered(connection, http, key, intents =>
        {
            form.AllowOnly(parameters);
            return act(intents, form, id);
        }));
        if (key is null)
        {
            await exchange.Handle(http, call);
            return;
        }

        // Stripe's endpoint, without the sandbox's prefix.
        var replay = keys.TryHold(key, http.Request.Path.Value!["/stripe".Length..], form.Fingerprint);
        await exchange.Handle(http, replay is null ? call with { Act = _ => InUse(key) } : call with { Replay = replay });
    };

    private Answer Answered(SqliteConnection connection, HttpContext http, string? key, Func<PaymentIntents, JsonObject> act)
    {
        var intents = new PaymentIntents(connection, events, time.GetUtcNow(), $"{http.Request.Scheme}://{http.Request.Host}/stripe");
        var answer = Try(() => act(intents)).With("Request-Id", Ids.Letters("req_", 14));
        if (key is null)
            return answer;
        answer = answer.With("Idempotency-Key", key).With("Original-Request", answer.Headers["Request-Id"]);
        return answer.Decided ? answer.With("Stripe-Should-Retry", "false") : answer;
    }

    private static Answer Try(Func<JsonObject> act)
    {
        try
        {
            var body = act();
            return Answer.Of(body.ContainsKey("error") ? 402 : 200, body);
        }
        catch (StripeRefusal refusal)
        {
            return refusal.Answer() with { Decided = refusal.Decided };
        }
    }

    // A key as bearer, or as the user of basic authentication. Any key will do: a sandbox guards nothing.
    private static Answer? Unauthorized(HttpRequest request)
    {
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header);
        var key = header?.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => header.Parameter,
            "BASIC" => BasicUser.Of(header.Parameter),
            _ => null,
        };
        return !string.IsNullOrWhiteSpace(key) ? null : new StripeRefusal(401, "invalid_request_error", null, "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').").Answer();
    }

    private static Answer InUse(string key) => new StripeRefusal(
        409, "idempotency_error", "idempotency_key_in_use", $"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.")
        .Answer().With("Request-Id", Ids.Letters("req_", 14)).With("Stripe-Should-Retry", "true");

    private static Answer ServerError() => new StripeRefusal(500, "api_error", null, "An unknown error occurred.").Answer()
        .With("Request-Id", Ids.Letters("req_", 14));

    private static Answer TooManyRequests() => new StripeRefusal(429, "invalid_request_error", "rate_limit", "Request rate limit exceeded.").Answer()
        .With("Request-Id", Ids.Letters("req_", 14)).With("Stripe-Should-Retry", "true");

    private static Answer Unrecognized(HttpContext http) => new StripeRefusal(
        404, "invalid_request_error", null, $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path.Value!["/stripe".Length..]}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.").Answer();
}
