using System.Net.Http.Headers;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class ThreeDSecureTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Fact]
    public async Task Approving_holds_the_money()
    {
        var id = await ActionRequired();
        Assert.Equal("requires_capture", (await Settle(id, "approve")).Text("status"));
        Assert.Equal("authorized", (await providers.Payment(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Approving_an_automatic_capture_pays()
    {
        var id = (await providers.Create("pm_card_threeDSecure2Required", confirm: true, more: ("capture_method", "automatic"))).Text("id");
        Assert.Equal("succeeded", (await Settle(id, "approve")).Text("status"));
    }

    [Fact]
    public async Task Failing_puts_the_intent_back_with_the_reason()
    {
        var id = await ActionRequired();
        Assert.Equal("requires_payment_method", (await Settle(id, "fail")).Text("status"));
        Assert.Equal("payment_intent_authentication_failure", (await providers.StripeGet($"payment_intents/{id}")).Text("last_payment_error.code"));
        Assert.Equal("declined", (await providers.Payment(id)).GetProperty("state").GetString());
        Assert.Equal(400, (await Settle(id, "approve")).Status);
    }

    [Fact]
    public async Task A_card_may_be_declined_once_the_buyer_approved()
    {
        var id = (await providers.Create("pm_card_threeDSecureRequiredChargeDeclined", confirm: true)).Text("id");
        Assert.Equal("requires_payment_method", (await Settle(id, "approve")).Text("status"));
        Assert.Equal("card_declined", (await providers.StripeGet($"payment_intents/{id}")).Text("last_payment_error.code"));
    }

    [Fact]
    public async Task The_action_is_a_page_with_both_buttons()
    {
        var created = await providers.Create("pm_card_authenticationRequired", confirm: true);
        Assert.Equal("use_stripe_sdk", created.Text("next_action.type"));
        Assert.Equal("three_d_secure_redirect", created.Text("next_action.use_stripe_sdk.type"));
        var page = await providers.Http.GetStringAsync(new Uri(created.Text("next_action.use_stripe_sdk.stripe_js")));
        Assert.Contains("value=\"approve\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"fail\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_return_url_a_browser_is_sent_back_to_the_shop()
    {
        var created = await providers.Create("pm_card_authenticationRequired", confirm: true, more: ("return_url", "http://127.0.0.1:1/back?a=b"));
        Assert.Equal("redirect_to_url", created.Text("next_action.type"));
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler);
        browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["outcome"] = "approve" });
        using var response = await browser.PostAsync(new Uri(created.Text("next_action.redirect_to_url.url")), form);
        Assert.Equal(303, (int)response.StatusCode);
        Assert.StartsWith($"http://127.0.0.1:1/back?a=b&payment_intent={created.Text("id")}", response.Headers.Location!.ToString());
        Assert.EndsWith("redirect_status=succeeded", response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Without_the_buyer_the_card_is_refused()
    {
        var refused = await providers.Create("pm_card_authenticationRequired", confirm: true, more: ("off_session", "true"));
        Assert.Equal((402, "authentication_required"), (refused.Status, refused.Text("error.code")));
    }

    [Fact]
    public async Task A_payment_that_waits_for_the_buyer_can_be_cancelled_and_then_not_approved()
    {
        var id = await ActionRequired();
        Assert.Equal("canceled", (await providers.Stripe($"payment_intents/{id}/cancel")).Text("status"));
        Assert.Equal(400, (await Settle(id, "approve")).Status);
        Assert.Equal("voided", (await providers.Payment(id)).GetProperty("state").GetString());
    }

    private async Task<string> ActionRequired()
    {
        var created = await providers.Create("pm_card_authenticationRequired", confirm: true);
        Assert.Equal("requires_action", created.Text("status"));
        Assert.Equal("action_required", (await providers.Payment(created.Text("id"))).GetProperty("state").GetString());
        return created.Text("id");
    }

    private Task<Reply> Settle(string id, string outcome) =>
        providers.Json(HttpMethod.Post, $"/stripe/3ds/{id}?outcome={outcome}", null, null);
}
