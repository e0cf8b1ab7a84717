using Microsoft.Data.Sqlite;

namespace Sandbox.Stripe;

/// <summary>A payment intent's life: create, confirm, authenticate, capture, cancel, refund. Each step is one transaction on the sandbox's memory.</summary>
/// <param name="events">Where each step is told of.</param>
/// <param name="baseUrl">Where the buyer's browser reaches the sandbox's Stripe.</param>
internal sealed class PaymentIntents(SqliteConnection database, StripeEvents events, DateTimeOffset now, string baseUrl)
{
    private const string Kind = "payment_intent";

    private long Now => now.ToUnixTimeSeconds();

    public PaymentIntent Get(string id) =>
        database.Get<PaymentIntent>(StripeApi.Name, Kind, id) ?? throw StripeRefusal.NotFound("payment_intent", id, "intent");

    public IEnumerable<PaymentIntent> Newest() => database.Newest<PaymentIntent>(StripeApi.Name, Kind);

    public Refund GetRefund(string id) =>
        Aged(database.Get<Refund>(StripeApi.Name, "refund", id) ?? throw StripeRefusal.NotFound("refund", id, "id"));

    public IEnumerable<Refund> NewestRefunds() => database.Newest<Refund>(StripeApi.Name, "refund").ToArray().Select(Aged);

    public PaymentIntent Create(StripeForm form)
    {
        var intent = CreateParameters.Read(form, Now);
        if (form.Text("payment_method") is { } token)
            intent = intent with { Method = Method(token), Status = PaymentIntent.RequiresConfirmation };
        if (form.Boolean("confirm") is true)
        {
            events.Add(database, intent);
            return Attempt(intent, form);
        }

        return Save(intent);
    }

    public PaymentIntent Confirm(string id, StripeForm form)
    {
        var intent = Get(id);
        if (intent.Status is PaymentIntent.Succeeded or PaymentIntent.RequiresCapture)
            throw StripeRefusal.State("You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.", StripeJson.Of(intent));
        if (intent.Status is PaymentIntent.Canceled)
            throw StripeRefusal.State("You cannot confirm this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.", StripeJson.Of(intent));
        if (form.Text("payment_method") is { } token)
            intent = intent with { Method = Method(token) };
        return Attempt(intent, form);
    }

    /// <summary>The buyer passed 3-D Secure, or didn't. Null: the intent isn't waiting for it.</summary>
    public PaymentIntent? Authenticate(string id, bool approved)
    {
        var intent = Get(id);
        if (intent.Status != PaymentIntent.RequiresAction)
            return null;
        return Save(approved ? Charged(intent, intent.Method!.Card.Decline) : Failed(intent, Decline.AuthenticationFailed, charge: null));
    }

    public PaymentIntent Capture(string id, StripeForm form)
    {
        var intent = Get(id);
        if (intent.Status != PaymentIntent.RequiresCapture)
            throw StripeRefusal.State($"This PaymentIntent could not be captured because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.", StripeJson.Of(intent));
        var amount = form.Integer("amount_to_capture") ?? intent.Capturable;
        if (amount < 1)
            throw StripeRefusal.Invalid("parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount_to_capture");
        if (amount > intent.Capturable)
            throw StripeRefusal.Invalid("amount_too_large", "The amount to capture is greater than the amount that can be captured on this PaymentIntent.", "amount_to_capture");
        return Save(intent with { Status = PaymentIntent.Succeeded, Capturable = 0, Received = amount });
    }

    public PaymentIntent Cancel(string id, StripeForm form)
    {
        var reason = form.OneOf("cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        var intent = Get(id);
        if (intent.Status is PaymentIntent.Succeeded or PaymentIntent.Canceled)
            throw StripeRefusal.State($"You cannot cancel this PaymentIntent because it has a status of {intent.Status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.", StripeJson.Of(intent));
        return Save(intent with { Status = PaymentIntent.Canceled, Capturable = 0, CanceledAt = Now, CancellationReason = reason });
    }

    public Refund Refund(StripeForm form)
    {
        var reason = form.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        var intent = form.Text("payment_intent") is { } id ? Get(id)
            : form.Text("charge") is { } chargeId ? OfCharge(chargeId)
            : throw StripeRefusal.Invalid("parameter_missing", "One of the following params should be provided for this request: payment_intent or charge.");
        if (intent is not { Status: PaymentIntent.Succeeded, Charge: { } charge })
            throw StripeRefusal.State($"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.", StripeJson.Of(intent));
        var left = intent.Received - intent.Refunded;
        var amount = form.Integer("amount") ?? left;
        if (left == 0)
            throw new StripeRefusal(400, "invalid_request_error", "charge_already_refunded", $"Charge {charge.Id} has already been refunded.", decided: true);
        if (amount < 1)
            throw StripeRefusal.Invalid("parameter_invalid_integer", "Invalid positive integer", "amount");
        if (amount > left)
            throw new StripeRefusal(400, "invalid_request_error", null, $"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).", "amount", decided: true);
        var refund = new Refund(Ids.Letters("re_3", 23), Now, amount, intent.Currency, intent.Id, charge.Id, reason, form.Metadata())
        {
            Status = intent.Method?.Card.Refunds == RefundFate.Pends ? Stripe.Refund.Pending : Stripe.Refund.Succeeded,
        };
        database.Put(StripeApi.Name, "refund", refund.Id, refund);
        intent = Store(intent with { Refunded = intent.Refunded + amount });
        events.Add(database, "refund.created", StripeJson.Of(refund));
        events.Add(database, "charge.refunded", StripeJson.Of(charge, intent));
        return refund;
    }

    /// <summary>A refund to one of the cards whose refunds change their state afterwards, as it is now.</summary>
    private Refund Aged(Refund refund)
    {
        var intent = Get(refund.PaymentIntent);
        if (Now - refund.Created < Stripe.Refund.SecondsUntilDecided || refund.Decided)
            return refund;

        var decided = refund with { Decided = true, Status = Stripe.Refund.Succeeded };
        if (intent.Method?.Card.Refunds == RefundFate.Fails)
        {
            decided = decided with { Status = Stripe.Refund.Failed };
            Store(intent with { Refunded = intent.Refunded - refund.Amount });
            events.Add(database, "refund.failed", StripeJson.Of(decided));
        }

        database.Put(StripeApi.Name, "refund", refund.Id, decided);
        events.Add(database, "refund.updated", StripeJson.Of(decided));
        return decided;
    }

    private PaymentIntent Attempt(PaymentIntent intent, StripeForm form)
    {
        intent = intent with { ReturnUrl = form.Text("return_url") ?? intent.ReturnUrl };
        if (intent.Method is null)
            throw StripeRefusal.State("You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.", StripeJson.Of(intent));
        if (intent is { Automatic: { Enabled: true, AllowRedirects: not "never" }, ReturnUrl: null })
            throw StripeRefusal.Invalid(null, "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.");
        intent = intent with { Attempted = true, LastError = null };
        var card = intent.Method.Card;
        if (!card.NeedsAuthentication)
            return Save(Charged(intent, card.Decline));
        if (form.Boolean("off_session") is true || form.Boolean("error_on_requires_action") is true)
            return Save(Charged(intent, Decline.AuthenticationRequired));
        return Save(intent with { Status = PaymentIntent.RequiresAction, ActionUrl = $"{baseUrl}/3ds/{intent.Id}" });
    }

    private PaymentIntent Charged(PaymentIntent intent, Decline? decline)
    {
        var charge = new Charge(Ids.Letters("ch_3", 23), Now, decline is null, decline, intent.Method!.Id);
        if (decline is not null)
            return Failed(intent, decline, charge);
        return intent.Manual
            ? intent with { Charge = charge, Status = PaymentIntent.RequiresCapture, Capturable = intent.Amount }
            : intent with { Charge = charge, Status = PaymentIntent.Succeeded, Received = intent.Amount };
    }

    private static PaymentIntent Failed(PaymentIntent intent, Decline decline, Charge? charge) => intent with
    {
        Status = PaymentIntent.RequiresPaymentMethod,
        Charge = charge ?? intent.Charge,
        LastError = new LastError(decline, intent.Method!, charge?.Id),
        Method = null,
    };

    // A token gives a new payment method each time; the id of one that exists gives that one again.
    private PaymentMethod Method(string token)
    {
        if (TestCard.Find(token) is null)
        {
            return database.Get<PaymentMethod>(StripeApi.Name, "payment_method", token)
                ?? throw StripeRefusal.Invalid("resource_missing", $"No such PaymentMethod: '{token}'; It's possible this PaymentMethod exists on one of your connected accounts, in which case you should retry this request on that connected account.", "payment_method");
        }

        var method = new PaymentMethod(Ids.Letters("pm_1", 23), token, Now);
        database.Put(StripeApi.Name, "payment_method", method.Id, method);
        return method;
    }

    private PaymentIntent OfCharge(string chargeId) =>
        Newest().FirstOrDefault(intent => intent.Charge?.Id == chargeId) ?? throw StripeRefusal.NotFound("charge", chargeId, "charge");

    private PaymentIntent Save(PaymentIntent intent)
    {
        Store(intent);
        events.Add(database, intent);
        return intent;
    }

    private PaymentIntent Store(PaymentIntent intent)
    {
        database.Put(StripeApi.Name, Kind, intent.Id, intent);
        if (intent.Attempted)
            database.Record(AsLedgerPayment(intent));
        return intent;
    }

    private static LedgerPayment AsLedgerPayment(PaymentIntent intent)
    {
        var state = intent switch
        {
            { Status: PaymentIntent.RequiresAction } => "action_required",
            { Status: PaymentIntent.RequiresCapture } => "authorized",
            { Status: PaymentIntent.Succeeded } => intent.Refunded == intent.Received ? "refunded" : "captured",
            { LastError: not null } => "declined", // also once cancelled: there was nothing to give back
            _ => "voided",
        };
        var reference = intent.Metadata.GetValueOrDefault("checkout_id") ?? intent.Metadata.GetValueOrDefault("reference");
        return new(StripeApi.Name, intent.Id, reference, intent.Amount, intent.Currency.ToUpperInvariant(), state, intent.Received, intent.Refunded);
    }
}
