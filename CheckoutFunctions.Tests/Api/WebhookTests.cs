using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Api;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "whsec_of_the_test";
    private const string Card = "pm_card_authenticationRequired";
    private const string Path = "/api/webhooks/stripe";

    private Shop shop = null!;

    public async Task InitializeAsync() => shop = await Shop.Open(("Stripe:WebhookSecret", "whsec_next, " + Secret));

    public async Task DisposeAsync() => await ((IAsyncDisposable)shop).DisposeAsync();

    [Theory]
    [InlineData("in_order")]
    [InlineData("duplicated")]
    [InlineData("reversed")]
    [InlineData("delayed")]
    public async Task A_buyer_who_approves_and_never_comes_back_has_bought(string mode)
    {
        await Webhooks(mode);
        var ada = await shop.ReadyShopper();
        var asked = (await ada.Pay(Card)).Is(202);

        await shop.Providers.Authenticate(asked, "approve");

        var bought = await ada.Await(session => session.Status() == "COMPLETED");
        await shop.Providers.WerePaidOnce(ada, bought.Number("grand_total"));
    }

    [Fact]
    public async Task A_buyer_who_fails_and_comes_back_later_is_told_of_the_decline()
    {
        var ada = await shop.ReadyShopper();
        await shop.Providers.Authenticate((await ada.Pay(Card)).Is(202), "fail");
        await ada.Await(session => session.Status() == "METHOD_SELECTED");

        Assert.Equal("payment_intent_authentication_failure", (await ada.Confirm()).Refuses(402, "card_declined").Text("decline_code"));
        await shop.Providers.HoldNothing(ada);
        var paid = (await ada.Pay()).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task Without_webhooks_the_return_call_alone_does_it()
    {
        await Webhooks("off");
        var ada = await shop.ReadyShopper();
        await shop.Providers.Authenticate((await ada.Pay(Card)).Is(202), "approve");

        Assert.Equal("ACTION_REQUIRED", (await ada.Get()).Status());
        (await ada.Confirm()).Is(200);
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task An_event_of_ours_is_stored_once_and_acknowledged_each_time()
    {
        var ada = await shop.ReadyShopper();
        await Webhooks("off");
        var asked = (await ada.Pay(Card)).Is(202);
        var body = Event("evt_same", "payment_intent.succeeded", checkout: ada.Id);

        foreach (var _ in Enumerable.Range(0, 3))
            (await Send(body, Sign(body))).Is(200);

        Assert.Equal(["evt_same"], await Stored());
        Assert.Equal(asked.Body, (await ada.Get()).Body);
    }

    [Fact]
    public async Task A_forged_event_is_refused_and_nothing_is_stored()
    {
        var body = Event("evt_forged", "payment_intent.succeeded");
        (await Send(body, null)).Refuses(400, "invalid_signature");
        (await Send(body, "t=1,v1=00")).Refuses(400, "invalid_signature");
        (await Send(body, Sign(body, secret: "whsec_of_a_forger"))).Refuses(400, "invalid_signature");
        (await Send(body.Replace("evt_forged", "evt_other", StringComparison.Ordinal), Sign(body))).Refuses(400, "invalid_signature");
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task An_event_of_an_hour_ago_is_refused_and_nothing_is_stored()
    {
        var body = Event("evt_old", "payment_intent.succeeded");
        (await Send(body, Sign(body, DateTimeOffset.UtcNow.AddHours(-1)))).Refuses(400, "invalid_signature");
        Assert.Empty(await Stored());
    }

    [Theory]
    [InlineData("""{"id":"evt_1","type":"customer.created","data":{"object":{"id":"cus_1"}}}""")]
    [InlineData("""{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","metadata":{}}}}""")]
    [InlineData("""{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{"id":7,"metadata":{"checkout_id":[]}}}}""")]
    [InlineData("""{"id":"evt_1","type":"payment_intent.succeeded","data":[]}""")]
    [InlineData("""{"object":"v2.core.event","id":"evt_1","type":"v1.billing.meter.error_report_triggered"}""")]
    [InlineData("[]")]
    public async Task What_concerns_no_checkout_is_acknowledged_and_ignored(string body)
    {
        (await Send(body, Sign(body))).Is(200);
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task What_is_no_JSON_is_refused_even_if_signed() => (await Send("{", Sign("{"))).Refuses(400, "invalid_request");

    [Fact]
    public async Task A_body_over_64_KB_is_refused_before_it_is_looked_at()
    {
        var body = Event("evt_large", "payment_intent.succeeded") + new string(' ', 64 * 1024);
        (await Send(body, Sign(body))).Refuses(413, "body_too_large");
        Assert.Empty(await Stored());
    }

    private static string Event(string id, string type, string checkout = "chk_unknown") =>
        $$"""{ "id": "{{id}}", "object": "event", "type": "{{type}}", "data": { "object": { "id": "pi_1", "metadata": { "checkout_id": "{{checkout}}" } } } }""";

    private static string Sign(string body, DateTimeOffset? at = null, string secret = Secret)
    {
        var time = (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds();
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")))}";
    }

    private Task<Reply> Send(string body, string? signature)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        if (signature is not null)
            content.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        return shop.SendRaw(HttpMethod.Post, Path, content);
    }

    private async Task Webhooks(string mode)
    {
        using var http = new HttpClient { BaseAddress = shop.Sandbox };
        using var answer = await http.PostAsJsonAsync("/_sandbox/webhooks", new { mode, delay_ms = 300 });
        Assert.True(answer.IsSuccessStatusCode);
    }

    private async Task<IEnumerable<string>> Stored()
    {
        await using var orders = new SqliteConnection($"Data Source={System.IO.Path.Combine(shop.Folder, "orders.db")};Mode=ReadOnly");
        return await orders.QueryAsync<string>("SELECT event_id FROM payment_events");
    }
}
