using CheckoutFunctions.Tests.Webhooks;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Api;

public sealed class BraintreeWebhookTests : IAsyncLifetime
{
    private const string Path = "/api/webhooks/braintree";
    private const string PublicKey = "public_of_the_test";
    private const string PrivateKey = "private_of_the_test";

    private Shop shop = null!;

    public async Task InitializeAsync() =>
        shop = await Shop.Open(("Payments:Provider", "Braintree"), ("Braintree:TimeoutSeconds", "30"), ("Braintree:PublicKey", PublicKey), ("Braintree:PrivateKey", PrivateKey));

    public async Task DisposeAsync() => await shop.DisposeAsync();

    [Fact]
    public async Task A_notification_of_ours_is_stored_once_and_acknowledged_each_time()
    {
        var ada = await shop.ReadyShopper();
        (await ada.PayAndWait("fake-valid-nonce")).Is(200);
        var before = (await ada.Get()).Body;
        var payload = Settled($"{ada.Id}.0123456789abcdef0123");

        foreach (var _ in Enumerable.Range(0, 3))
            (await Send(payload)).Is(200);

        Assert.Equal([("Braintree", "transaction_settled:abc123:2026-01-01T00:00:00Z", ada.Id, "told")], await Stored());
        Assert.Equal(before, (await ada.Get()).Body);
    }

    [Fact]
    public async Task A_compensations_refund_that_failed_is_logged_for_an_operator()
    {
        var ada = await shop.ReadyShopper();
        var refund = BraintreeForm.Transaction($"{ada.Id}:1:void:refund:4100", more: "<refunded-transaction-id>xyz789</refunded-transaction-id>");

        (await Send(BraintreeForm.Payload(BraintreeForm.Notification("refund_failed", refund)))).Is(200);

        Assert.Contains(shop.LogLines, line => line.Contains("The refund of payment xyz789", StringComparison.Ordinal) && line.Contains(ada.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_forged_notification_is_refused_and_nothing_is_stored()
    {
        var payload = Settled("chk_unknown.0123456789abcdef0123");
        foreach (var signature in new[] { null, "", $"{PublicKey}|00", $"someone|{BraintreeForm.Sign(payload, PrivateKey)}", $"{PublicKey}|{BraintreeForm.Sign(payload, "another")}", $"{PublicKey}|{BraintreeForm.Sign(payload + " ", PrivateKey)}" })
            (await Send(payload, signature, sign: false)).Refuses(400, "invalid_signature");
        Assert.Empty(await Stored());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("bt_payload=abc")]
    [InlineData("bt_payload=a&bt_payload=b&bt_signature=c")]
    [InlineData("%%%=&&&")]
    public async Task What_is_no_such_form_is_refused_and_nothing_is_stored(string body)
    {
        (await shop.SendRaw(HttpMethod.Post, Path, body)).Refuses(400, "invalid_signature");
        Assert.Empty(await Stored());
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("bm90IFhNTA==\n")]
    [InlineData("PG5vdGlmaWNhdGlvbj4=\n")]
    public async Task What_is_no_notification_is_refused_even_if_signed(string payload)
    {
        (await Send(payload)).Refuses(400, "invalid_request");
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task A_document_type_is_refused_even_if_signed()
    {
        var payload = BraintreeForm.Payload("""<!DOCTYPE n [ <!ENTITY x SYSTEM "file:///etc/hostname"> ]>""" + "<notification><timestamp>1</timestamp><kind>&x;</kind></notification>");

        (await Send(payload)).Refuses(400, "invalid_request");
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task What_concerns_no_checkout_is_acknowledged_and_ignored()
    {
        (await Send(BraintreeForm.Payload(BraintreeForm.Notification("check", """<check type="boolean">true</check>""")))).Is(200);
        (await Send(Settled("somebody-elses"))).Is(200);
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task A_body_over_64_KB_is_refused_before_it_is_looked_at()
    {
        (await Send(BraintreeForm.Payload(new string(' ', 64 * 1024)))).Refuses(413, "body_too_large");
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task The_challenge_for_a_new_destination_is_answered_and_nothing_else()
    {
        const string challenge = "0123456789abcdef0123456789abcdef";

        Assert.Equal($"{PublicKey}|{BraintreeForm.Sign(challenge, PrivateKey)}", (await shop.Send(HttpMethod.Get, $"{Path}?bt_challenge={challenge}")).Is(200).Body);
        (await shop.Send(HttpMethod.Get, Path)).Refuses(400, "invalid_request");
        (await shop.Send(HttpMethod.Get, $"{Path}?bt_challenge=sign+this")).Refuses(400, "invalid_request");
    }

    private static string Settled(string orderId) => BraintreeForm.Payload(BraintreeForm.Notification("transaction_settled", BraintreeForm.Transaction(orderId)));

    private Task<Reply> Send(string payload, string? signature = null, bool sign = true) =>
        shop.SendRaw(HttpMethod.Post, Path, BraintreeForm.Of(payload, sign ? $"{PublicKey}|{BraintreeForm.Sign(payload, PrivateKey)}" : signature));

    private async Task<List<(string Provider, string EventId, string CheckoutId, string State)>> Stored()
    {
        await using var orders = new SqliteConnection($"Data Source={System.IO.Path.Combine(shop.Folder, "orders.db")};Mode=ReadOnly");
        return (await orders.QueryAsync<(string, string, string, string)>("SELECT provider, event_id, checkout_id, state FROM payment_events")).ToList();
    }
}
