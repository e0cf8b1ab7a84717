namespace CheckoutFunctions.Tests.Sandbox;

public sealed class StripePaymentTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Fact]
    public async Task An_intent_that_is_only_created_holds_no_money_and_is_not_in_the_ledger()
    {
        var created = await providers.Create("pm_card_visa");
        Assert.Equal(200, created.Status);
        Assert.Equal("requires_confirmation", created.Text("status"));
        Assert.StartsWith(created.Text("id") + "_secret_", created.Text("client_secret"));
        Assert.Equal("chk_1", created.Text("metadata.checkout_id"));

        var cancelled = await providers.Stripe($"payment_intents/{created.Text("id")}/cancel");
        Assert.Equal("canceled", cancelled.Text("status"));
        Assert.Empty((await providers.Ledger()).GetProperty("payments").EnumerateArray());
    }

    [Theory]
    [InlineData("pm_card_visa")]
    [InlineData("pm_card_mastercard")]
    [InlineData("pm_card_amex")]
    public async Task Confirming_holds_the_money_and_capturing_takes_it(string token)
    {
        var id = (await providers.Create(token)).Text("id");
        var confirmed = await providers.Stripe($"payment_intents/{id}/confirm");
        Assert.Equal("requires_capture", confirmed.Text("status"));
        Assert.Equal(4100, confirmed.Number("amount_capturable"));
        Assert.StartsWith("ch_", confirmed.Text("latest_charge"));
        Assert.Equal("authorized", (await providers.Payment(id)).GetProperty("state").GetString());

        var captured = await providers.Stripe($"payment_intents/{id}/capture");
        Assert.Equal("succeeded", captured.Text("status"));
        Assert.Equal(4100, captured.Number("amount_received"));
        var payment = await providers.Payment(id);
        Assert.Equal("captured", payment.GetProperty("state").GetString());
        Assert.Equal(4100, payment.GetProperty("captured").GetInt64());
        Assert.Equal("USD", payment.GetProperty("currency").GetString());
        Assert.Equal("chk_1", payment.GetProperty("reference").GetString());
        Assert.Equal("stripe", payment.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task Automatic_capture_takes_the_money_at_once()
    {
        var paid = await providers.Create("pm_card_visa", confirm: true, more: ("capture_method", "automatic"));
        Assert.Equal("succeeded", paid.Text("status"));
        Assert.Equal(4100, paid.Number("amount_received"));
    }

    [Fact]
    public async Task A_partial_capture_releases_the_rest()
    {
        var id = await providers.Authorized();
        var captured = await providers.Stripe($"payment_intents/{id}/capture", new Dictionary<string, string> { ["amount_to_capture"] = "4000" });
        Assert.Equal(4000, captured.Number("amount_received"));
        Assert.Equal(0, captured.Number("amount_capturable"));
        Assert.Equal(400, (await providers.Stripe($"payment_intents/{id}/capture")).Status);
    }

    [Fact]
    public async Task No_more_is_captured_than_is_held()
    {
        var id = await providers.Authorized();
        var refused = await providers.Stripe($"payment_intents/{id}/capture", new Dictionary<string, string> { ["amount_to_capture"] = "4101" });
        Assert.Equal((400, "amount_too_large"), (refused.Status, refused.Text("error.code")));
        Assert.Equal("authorized", (await providers.Payment(id)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card")]
    [InlineData("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", null)]
    [InlineData("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", null)]
    [InlineData("pm_card_chargeDeclinedProcessingError", "processing_error", null)]
    public async Task A_declined_card_is_402_with_the_intent_back_at_requires_payment_method(string token, string code, string? declineCode)
    {
        var id = (await providers.Create(token)).Text("id");
        var declined = await providers.Stripe($"payment_intents/{id}/confirm");
        Assert.Equal(402, declined.Status);
        Assert.Equal("card_error", declined.Text("error.type"));
        Assert.Equal(code, declined.Text("error.code"));
        Assert.Equal(declineCode is not null, declined.Has("error.decline_code"));
        if (declineCode is not null)
            Assert.Equal(declineCode, declined.Text("error.decline_code"));
        Assert.Equal("requires_payment_method", declined.Text("error.payment_intent.status"));
        Assert.Equal(code, declined.Text("error.payment_intent.last_payment_error.code"));

        var retrieved = await providers.StripeGet($"payment_intents/{id}");
        Assert.Equal("requires_payment_method", retrieved.Text("status"));
        Assert.Equal(code, retrieved.Text("last_payment_error.code"));
        Assert.Equal("declined", (await providers.Payment(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Another_card_pays_a_declined_intent()
    {
        var id = (await providers.Create("pm_card_chargeDeclined")).Text("id");
        await providers.Stripe($"payment_intents/{id}/confirm");
        Assert.Equal(400, (await providers.Stripe($"payment_intents/{id}/confirm")).Status);
        var confirmed = await providers.Stripe($"payment_intents/{id}/confirm", new Dictionary<string, string> { ["payment_method"] = "pm_card_visa" });
        Assert.Equal("requires_capture", confirmed.Text("status"));
        Assert.Equal("authorized", (await providers.Payment(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Cancelling_gives_held_money_back_and_then_nothing_confirms_or_captures()
    {
        var id = await providers.Authorized();
        Assert.Equal("canceled", (await providers.Stripe($"payment_intents/{id}/cancel")).Text("status"));
        Assert.Equal("voided", (await providers.Payment(id)).GetProperty("state").GetString());
        foreach (var step in new[] { "confirm", "capture", "cancel" })
        {
            var refused = await providers.Stripe($"payment_intents/{id}/{step}");
            Assert.Equal((400, "payment_intent_unexpected_state"), (refused.Status, refused.Text("error.code")));
            Assert.Equal("canceled", refused.Text("error.payment_intent.status"));
        }
    }

    [Fact]
    public async Task Captured_money_is_not_cancelled_but_refunded_up_to_what_was_captured()
    {
        var id = await providers.Authorized();
        await providers.Stripe($"payment_intents/{id}/capture");
        Assert.Equal("payment_intent_unexpected_state", (await providers.Stripe($"payment_intents/{id}/cancel")).Text("error.code"));

        var part = await Refund(id, "1000");
        Assert.Equal((200, "succeeded", 1000L), (part.Status, part.Text("status"), part.Number("amount")));
        Assert.Equal("captured", (await providers.Payment(id)).GetProperty("state").GetString());
        Assert.Equal(400, (await Refund(id, "3101")).Status);
        Assert.Equal(200, (await Refund(id, null)).Status);
        var payment = await providers.Payment(id);
        Assert.Equal(("refunded", 4100L), (payment.GetProperty("state").GetString(), payment.GetProperty("refunded").GetInt64()));
        Assert.Equal("charge_already_refunded", (await Refund(id, "1")).Text("error.code"));
        Assert.Equal(1000, (await providers.StripeGet($"refunds/{part.Text("id")}")).Number("amount"));
        Assert.Equal(4100, (await providers.StripeGet($"payment_intents/{id}?expand[]=latest_charge")).Number("latest_charge.amount_refunded"));
    }

    [Fact]
    public async Task Nothing_is_refunded_that_was_not_captured()
    {
        var id = await providers.Authorized();
        Assert.Equal(400, (await Refund(id, "100")).Status);
        Assert.Equal("authorized", (await providers.Payment(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Refunds_at_the_same_time_never_exceed_what_was_captured()
    {
        var id = await providers.Authorized();
        await providers.Stripe($"payment_intents/{id}/capture");
        var refunds = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Refund(id, "1000")));
        Assert.Equal(4, refunds.Count(refund => refund.Status == 200));
        Assert.Equal(4000, (await providers.Payment(id)).GetProperty("refunded").GetInt64());
    }

    [Fact]
    public async Task Intents_are_listed_newest_first_and_found_by_metadata()
    {
        var first = (await providers.Create("pm_card_visa")).Text("id");
        var second = (await providers.Create("pm_card_visa", more: ("metadata[checkout_id]", "chk_2"))).Text("id");
        var third = (await providers.Create("pm_card_visa")).Text("id");

        var page = await providers.StripeGet("payment_intents?limit=2");
        Assert.Equal([third, second], Ids(page));
        Assert.True(page.At("has_more").GetBoolean());
        Assert.Equal([first], Ids(await providers.StripeGet($"payment_intents?starting_after={second}")));

        var found = await providers.StripeGet("payment_intents/search?query=" + Uri.EscapeDataString("metadata['checkout_id']:'chk_2' AND status:'requires_confirmation'"));
        Assert.Equal([second], Ids(found));
        Assert.Equal("search_result", found.Text("object"));
        Assert.Equal(400, (await providers.StripeGet("payment_intents/search?query=nonsense")).Status);
    }

    private static string[] Ids(Reply list) => [.. list.At("data").EnumerateArray().Select(intent => intent.GetProperty("id").GetString()!)];

    private Task<Reply> Refund(string id, string? amount)
    {
        var form = new Dictionary<string, string> { ["payment_intent"] = id };
        if (amount is not null)
            form["amount"] = amount;
        return providers.Stripe("refunds", form);
    }
}
