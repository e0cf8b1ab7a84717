namespace CheckoutFunctions.Tests.Sandbox;

public sealed class StripeRefusalTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Theory]
    [InlineData("amount", "0", "parameter_invalid_integer", "amount")]
    [InlineData("amount", "49", "amount_too_small", "amount")]
    [InlineData("amount", "100000000", "amount_too_large", "amount")]
    [InlineData("amount", "12.50", "parameter_invalid_integer", "amount")]
    [InlineData("payment_method", "pm_card_nobody", "resource_missing", "payment_method")]
    [InlineData("payment_method", "", "parameter_invalid_empty", "payment_method")]
    [InlineData("colour", "red", "parameter_unknown", "colour")]
    [InlineData("automatic_payment_methods[enable]", "true", "parameter_unknown", "automatic_payment_methods[enable]")]
    [InlineData("currency", "xyz", null, "currency")]
    [InlineData("capture_method", "later", null, "capture_method")]
    public async Task A_parameter_that_is_wrong_is_named(string name, string value, string? code, string param)
    {
        var refused = await providers.Create("pm_card_visa", more: (name, value));
        Assert.Equal(400, refused.Status);
        Assert.Equal("invalid_request_error", refused.Text("error.type"));
        Assert.Equal(param, refused.Text("error.param"));
        Assert.Equal(code, refused.Has("error.code") ? refused.Text("error.code") : null);
    }

    [Theory]
    [InlineData("payment_intents/{0}/confirm", "amount")]
    [InlineData("payment_intents/{0}/capture", "amount")]
    [InlineData("payment_intents/{0}/cancel", "reason")]
    [InlineData("refunds", "amuont")]
    [InlineData("payment_intents", "created_after", true)]
    [InlineData("refunds", "status", true)]
    public async Task Every_call_refuses_what_it_doesnt_take(string path, string parameter, bool isGet = false)
    {
        var id = await providers.Authorized();
        path = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id);

        var refused = isGet ? await providers.StripeGet($"{path}?{parameter}=1") : await providers.Stripe(path, new Dictionary<string, string> { [parameter] = "1" });

        Assert.Equal((400, "parameter_unknown", parameter), (refused.Status, refused.Text("error.code"), refused.Text("error.param")));
        Assert.Equal("authorized", (await providers.Payment(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task JSON_is_no_form()
    {
        var refused = await providers.Json(HttpMethod.Post, "/stripe/v1/payment_intents", new("Bearer", "sk_test_123"), new { amount = 4100, currency = "usd" });
        Assert.Equal((400, "invalid_request_error"), (refused.Status, refused.Text("error.type")));
        Assert.Contains("application/x-www-form-urlencoded", refused.Text("error.message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_token_is_named_in_the_message() =>
        Assert.StartsWith("No such PaymentMethod: 'tok_x'", (await providers.Create("tok_x")).Text("error.message"));

    [Fact]
    public async Task A_missing_amount_is_named()
    {
        var refused = await providers.Stripe("payment_intents", new Dictionary<string, string> { ["currency"] = "usd" });
        Assert.Equal((400, "parameter_missing", "amount"), (refused.Status, refused.Text("error.code"), refused.Text("error.param")));
    }

    [Fact]
    public async Task An_unknown_intent_is_404()
    {
        var missing = await providers.StripeGet("payment_intents/pi_nothing");
        Assert.Equal((404, "resource_missing"), (missing.Status, missing.Text("error.code")));
    }

    [Fact]
    public async Task Without_a_secret_key_nothing_is_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stripe/v1/payment_intents");
        var refused = await providers.Send(request);
        Assert.Equal((401, "invalid_request_error"), (refused.Status, refused.Text("error.type")));
        Assert.False(refused.Has("error.code"));
    }

    [Fact]
    public async Task Methods_that_may_redirect_need_a_return_url()
    {
        var refused = await providers.Create("pm_card_visa", confirm: true, more: ("automatic_payment_methods[enabled]", "true"));
        Assert.Equal(400, refused.Status);
        Assert.Contains("return_url", refused.Text("error.message"), StringComparison.Ordinal);
        Assert.Empty((await providers.Ledger()).GetProperty("payments").EnumerateArray());
    }

    [Fact]
    public async Task An_unknown_route_is_refused_as_Stripe_does()
    {
        var unknown = await providers.StripeGet("charges_of_yesterday");
        Assert.Equal(404, unknown.Status);
        Assert.StartsWith("Unrecognized request URL (GET: /v1/charges_of_yesterday)", unknown.Text("error.message"));
    }
}
