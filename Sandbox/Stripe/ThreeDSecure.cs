using System.Net;
using Sandbox.Calls;

namespace Sandbox.Stripe;

/// <summary>The bank's page on which a buyer approves a payment or fails it; a shop's test posts <c>outcome=approve|fail</c> instead of clicking.</summary>
internal sealed class ThreeDSecure(Database database, StripeEvents events, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("{id}", Show);
        routes.MapPost("{id}", Settle);
    }

    private async Task Show(HttpContext http, string id)
    {
        var answer = await database.Run(connection => WithIntent(() =>
        {
            var intent = new PaymentIntents(connection, events, time.GetUtcNow(), "").Get(id);
            return Page(intent.Status == PaymentIntent.RequiresAction ? Question(intent) : "<p>This payment waits for no authentication.</p>");
        }));
        await answer.Send(http);
    }

    private async Task Settle(HttpContext http, string id)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        var outcome = form?["outcome"].FirstOrDefault() ?? http.Request.Query["outcome"].FirstOrDefault();
        var browser = http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        var answer = outcome is "approve" or "fail"
            ? await database.Run(connection => WithIntent(() =>
                Settled(new PaymentIntents(connection, events, time.GetUtcNow(), "").Authenticate(id, outcome == "approve"), browser)))
            : StripeRefusal.Invalid(null, "Invalid outcome: must be one of approve, fail", "outcome").Answer();
        await answer.Send(http);
    }

    // A browser goes back to the shop, as from a bank's page; a program is told how the intent stands.
    private static Answer Settled(PaymentIntent? intent, bool browser)
    {
        if (intent is null)
            return StripeRefusal.Invalid("payment_intent_unexpected_state", "This PaymentIntent doesn't wait for authentication.").Answer();
        if (!browser)
            return Answer.Of(200, new { id = intent.Id, status = intent.Status });
        if (intent.ReturnUrl is not { } url)
            return Page("<p>Done. You can close this page.</p>");
        var status = intent.LastError is null ? "succeeded" : "failed";
        var back = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}payment_intent={intent.Id}&payment_intent_client_secret={intent.ClientSecret}&redirect_status={status}";
        return (Page("") with { Status = StatusCodes.Status303SeeOther }).With("Location", back);
    }

    private static Answer WithIntent(Func<Answer> act)
    {
        try
        {
            return act();
        }
        catch (StripeRefusal refusal)
        {
            return refusal.Answer();
        }
    }

    private static string Question(PaymentIntent intent) => $"""
        <p>Your bank asks: pay <b>{intent.Amount} {WebUtility.HtmlEncode(intent.Currency.ToUpperInvariant())}</b> (minor units) with the card ending in {intent.Method!.Card.Last4}?</p>
        <form method="post"><button name="outcome" value="approve">Approve</button> <button name="outcome" value="fail">Fail</button></form>
        """;

    private static Answer Page(string content) =>
        new(200, $"""<!doctype html><html lang="en"><meta charset="utf-8"><title>3-D Secure (sandbox)</title><h1>3-D Secure</h1>{content}</html>""") { ContentType = "text/html; charset=utf-8" };
}
