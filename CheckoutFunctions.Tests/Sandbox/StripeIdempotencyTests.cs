namespace CheckoutFunctions.Tests.Sandbox;

public sealed class StripeIdempotencyTests : IAsyncLifetime
{
    private readonly SettableTime time = new();
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start(time: time);

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Fact]
    public async Task The_same_key_gives_the_same_answer_and_no_second_payment()
    {
        var first = await providers.Create("pm_card_visa", "key", confirm: true);
        var second = await providers.Create("pm_card_visa", "key", confirm: true);
        Assert.Equal((first.Status, first.Body), (second.Status, second.Body));
        Assert.Equal("true", second.Headers["Idempotent-Replayed"]);
        Assert.False(first.Headers.ContainsKey("Idempotent-Replayed"));
        Assert.Equal(first.Headers["Request-Id"], second.Headers["Original-Request"]);
        Assert.Single((await providers.Ledger()).GetProperty("payments").EnumerateArray());
    }

    [Fact]
    public async Task A_decline_is_replayed_and_a_new_key_tries_again()
    {
        var id = (await providers.Create("pm_card_chargeDeclined")).Text("id");
        var form = new Dictionary<string, string> { ["payment_method"] = "pm_card_chargeDeclined" };
        var first = await providers.Stripe($"payment_intents/{id}/confirm", form, "key");
        var replayed = await providers.Stripe($"payment_intents/{id}/confirm", form, "key");
        Assert.Equal((402, first.Body), (replayed.Status, replayed.Body));
        var again = await providers.Stripe($"payment_intents/{id}/confirm", form, "another");
        Assert.NotEqual(first.Text("error.charge"), again.Text("error.charge"));
    }

    [Fact]
    public async Task A_key_is_not_taken_for_other_parameters_or_another_endpoint()
    {
        var id = (await providers.Create("pm_card_visa", "key")).Text("id");
        var other = await providers.Create("pm_card_mastercard", "key");
        Assert.Equal((400, "idempotency_error"), (other.Status, other.Text("error.type")));
        Assert.Equal("idempotency_error", (await providers.Stripe($"payment_intents/{id}/confirm", key: "key")).Text("error.type"));
    }

    [Fact]
    public async Task A_request_that_is_wrong_in_itself_does_not_use_up_the_key()
    {
        Assert.Equal(400, (await providers.Create("pm_card_nobody", "key")).Status);
        Assert.Equal(200, (await providers.Create("pm_card_visa", "key")).Status);
    }

    [Fact]
    public async Task A_key_whose_first_call_still_runs_is_in_use()
    {
        await providers.Fault(new { provider = "stripe", operation = "create", kind = "slow", delay_ms = 60_000 });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/stripe/v1/payment_intents");
        request.Headers.Authorization = new("Bearer", "sk_test_123");
        request.Headers.Add("Idempotency-Key", "key");
        var first = providers.Http.SendAsync(request);
        while ((await providers.Json(HttpMethod.Get, "/_sandbox/faults", null, null)).At("faults").GetArrayLength() > 0)
            await Task.Yield();

        var second = await providers.Create("pm_card_visa", "key");
        Assert.Equal((409, "idempotency_key_in_use"), (second.Status, second.Text("error.code")));
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task A_500_after_the_effect_is_replayed_and_the_truth_is_retrieved()
    {
        var id = await providers.Authorized();
        await providers.Fault(new { provider = "stripe", operation = "capture", kind = "http_500", after_effect = true });
        Assert.Equal(500, (await providers.Stripe($"payment_intents/{id}/capture", key: "key")).Status);
        var replayed = await providers.Stripe($"payment_intents/{id}/capture", key: "key");
        Assert.Equal((500, "true"), (replayed.Status, replayed.Headers["Idempotent-Replayed"]));
        Assert.Equal("succeeded", (await providers.StripeGet($"payment_intents/{id}")).Text("status"));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var first = await providers.Create("pm_card_visa", "key");
        time.Now += TimeSpan.FromHours(23);
        Assert.Equal(first.Text("id"), (await providers.Create("pm_card_visa", "key")).Text("id"));
        time.Now += TimeSpan.FromHours(1);
        Assert.NotEqual(first.Text("id"), (await providers.Create("pm_card_visa", "key")).Text("id"));
    }

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
