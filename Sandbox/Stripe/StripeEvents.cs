using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Sandbox.Webhooks;

namespace Sandbox.Stripe;

/// <summary>Stripe's events: each holds the object as it is at that moment, and is stored in the transaction that made it so.</summary>
internal sealed class StripeEvents(WebhookEndpoint endpoint, TimeProvider time)
{
    public void Add(SqliteConnection database, PaymentIntent intent) => Add(database, TypeOf(intent), StripeJson.Of(intent));

    public void Add(SqliteConnection database, string type, JsonObject subject)
    {
        if (!endpoint.IsListening)
            return;

        var now = time.GetUtcNow();
        var id = Ids.Letters("evt_3", 23);
        var about = (string)subject["id"]!;
        var body = new JsonObject
        {
            ["id"] = id,
            ["object"] = "event",
            ["api_version"] = StripeApi.DefaultVersion,
            ["created"] = now.ToUnixTimeSeconds(),
            ["data"] = new JsonObject { ["object"] = subject },
            ["livemode"] = false,
            ["pending_webhooks"] = 1,
            ["request"] = new JsonObject { ["id"] = null, ["idempotency_key"] = null },
            ["type"] = type,
        };
        database.Add(new WaitingEvent(0, id, type, about, body.ToJsonString(Json.Options), (now + endpoint.Current.Delay).ToUnixTimeMilliseconds(), 0));
        // The sender asks the database, which answers once this is stored.
        endpoint.Wake();
    }

    private static string TypeOf(PaymentIntent intent) => intent switch
    {
        { Status: PaymentIntent.RequiresAction } => "payment_intent.requires_action",
        { Status: PaymentIntent.RequiresCapture } => "payment_intent.amount_capturable_updated",
        { Status: PaymentIntent.Succeeded } => "payment_intent.succeeded",
        { Status: PaymentIntent.Canceled } => "payment_intent.canceled",
        { LastError: not null } => "payment_intent.payment_failed",
        _ => "payment_intent.created",
    };
}
