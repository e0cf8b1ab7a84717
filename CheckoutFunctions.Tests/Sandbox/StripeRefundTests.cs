namespace CheckoutFunctions.Tests.Sandbox;

public sealed class StripeRefundTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new();
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start(time: time);

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Fact]
    public async Task A_payments_refunds_are_listed_newest_first()
    {
        var id = await Captured("pm_card_visa");
        var (first, second) = ((await Refund(id)).Text("id"), (await Refund(id)).Text("id"));
        await Refund(await Captured("pm_card_visa"));

        var page = await providers.StripeGet($"refunds?payment_intent={id}&limit=1");
        Assert.Equal((second, true), (Assert.Single(page.At("data").EnumerateArray()).GetProperty("id").GetString(), page.At("has_more").GetBoolean()));
        page = await providers.StripeGet($"refunds?payment_intent={id}&starting_after={second}");
        Assert.Equal((first, false), (Assert.Single(page.At("data").EnumerateArray()).GetProperty("id").GetString(), page.At("has_more").GetBoolean()));
        Assert.Equal(404, (await providers.StripeGet("refunds?payment_intent=pi_unknown")).Status);
    }

    [Theory]
    [InlineData("pm_card_visa", "succeeded", "succeeded", 100)]
    [InlineData("pm_card_pendingRefund", "pending", "succeeded", 100)]
    [InlineData("pm_card_refundFail", "succeeded", "failed", 0)]
    public async Task Some_cards_refunds_change_their_state_afterwards(string card, string first, string last, long refunded)
    {
        var id = await Captured(card);
        var refund = await Refund(id);
        time.Advance(TimeSpan.FromSeconds(6));

        var later = await providers.StripeGet($"refunds/{refund.Text("id")}");

        Assert.Equal((first, last), (refund.Text("status"), later.Text("status")));
        Assert.Equal(last == "failed", later.Has("failure_reason"));
        Assert.Equal(refunded, (await providers.Ledger()).GetProperty("payments")[0].GetProperty("refunded").GetInt64());
        Assert.Equal(later.Body, (await providers.StripeGet($"refunds/{refund.Text("id")}")).Body);
    }

    private async Task<string> Captured(string card)
    {
        var id = await providers.Authorized(card);
        Assert.Equal(200, (await providers.Stripe($"payment_intents/{id}/capture", new Dictionary<string, string>())).Status);
        return id;
    }

    private Task<Reply> Refund(string id) => providers.Stripe("refunds", new Dictionary<string, string> { ["payment_intent"] = id, ["amount"] = "100" });
}
