namespace CheckoutFunctions.Tests.Sandbox;

public sealed class FaultTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Theory]
    [InlineData("timeout_after", "succeeded")]
    [InlineData("timeout_before", "requires_capture")]
    public async Task A_timeout_takes_effect_after_it_and_not_before_it(string kind, string status)
    {
        var id = await providers.Authorized();
        await providers.Fault(new { provider = "stripe", operation = "capture", kind });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/stripe/v1/payment_intents/{id}/capture");
        request.Headers.Authorization = new("Bearer", "sk_test_123");
        request.Headers.Add("Idempotency-Key", "key");
        using var patience = new CancellationTokenSource();
        var unanswered = providers.Http.SendAsync(request, patience.Token);
        while (!(await providers.Ledger()).GetProperty("calls").TryGetProperty("stripe.capture", out _))
            await Task.Yield();
        Assert.Equal(status, (await providers.StripeGet($"payment_intents/{id}")).Text("status"));
        Assert.False(unanswered.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unanswered);

        // The same key says what came of it, or does it now.
        Assert.Equal("succeeded", (await providers.Stripe($"payment_intents/{id}/capture", key: "key")).Text("status"));
    }

    [Fact]
    public async Task A_500_has_no_effect_and_the_same_key_succeeds_afterwards()
    {
        await providers.Fault(new { provider = "stripe", operation = "create", kind = "http_500", times = 2 });
        Assert.Equal("api_error", (await providers.Create("pm_card_visa", "key", confirm: true)).Text("error.type"));
        Assert.Equal(500, (await providers.Create("pm_card_visa", "key", confirm: true)).Status);
        Assert.Empty((await providers.Ledger()).GetProperty("payments").EnumerateArray());
        Assert.Equal(200, (await providers.Create("pm_card_visa", "key", confirm: true)).Status);
        Assert.Equal(3, (await providers.Ledger()).GetProperty("calls").GetProperty("stripe.create").GetInt64());
    }

    [Fact]
    public async Task A_429_says_when_to_come_back_in_each_providers_words()
    {
        await providers.Fault(new { provider = "*", operation = "*", kind = "http_429", times = 4 });
        var replies = new[]
        {
            await providers.Create("pm_card_visa"),
            await providers.TaxJar(HttpMethod.Post, "taxes", new { to_country = "US" }),
            await providers.EasyPost("beta/rates", new { }),
            await providers.Google(new { }),
        };
        Assert.All(replies, reply => Assert.Equal((429, "1"), (reply.Status, reply.Headers["Retry-After"])));
        Assert.Equal("rate_limit", replies[0].Text("error.code"));
        Assert.Equal("Too Many Requests", replies[1].Text("error"));
        Assert.Equal("RATE_LIMITED", replies[2].Text("error.code"));
        Assert.Equal("RESOURCE_EXHAUSTED", replies[3].Text("error.status"));
    }

    [Fact]
    public async Task A_malformed_answer_took_effect()
    {
        await providers.Fault(new { provider = "stripe", operation = "create", kind = "malformed" });
        var broken = await providers.Create("pm_card_visa", "key", confirm: true);
        Assert.Equal(200, broken.Status);
        Assert.Equal(default, broken.Json);
        Assert.Single((await providers.Ledger()).GetProperty("payments").EnumerateArray());
        Assert.Equal("requires_capture", (await providers.Create("pm_card_visa", "key", confirm: true)).Text("status"));
    }

    [Fact]
    public async Task A_reset_connection_had_no_effect()
    {
        await providers.Fault(new { provider = "stripe", operation = "create", kind = "connection_reset" });
        await Assert.ThrowsAsync<HttpRequestException>(() => providers.Create("pm_card_visa", confirm: true));
        Assert.Empty((await providers.Ledger()).GetProperty("payments").EnumerateArray());
    }

    [Fact]
    public async Task A_slow_answer_is_the_usual_one()
    {
        await providers.Fault(new { provider = "taxjar", operation = "quote", kind = "slow", delay_ms = 20 });
        Assert.Equal(406, (await providers.TaxJar(HttpMethod.Post, "taxes", new { })).Status);
    }

    [Fact]
    public async Task A_slow_call_takes_effect_though_its_client_went_away()
    {
        var id = await providers.Authorized();
        await providers.Fault(new { provider = "stripe", operation = "capture", kind = "slow", delay_ms = 100 });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/stripe/v1/payment_intents/{id}/capture");
        request.Headers.Authorization = new("Bearer", "sk_test_123");
        using var patience = new CancellationTokenSource();
        var abandoned = providers.Http.SendAsync(request, patience.Token);
        while ((await providers.Json(HttpMethod.Get, "/_sandbox/faults", null, null)).At("faults").GetArrayLength() > 0)
            await Task.Yield();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        while ((await providers.Payment(id)).GetProperty("state").GetString() != "captured")
            await Task.Delay(5);
    }

    [Fact]
    public async Task A_fault_concerns_its_provider_and_operation_only_and_is_used_up()
    {
        await providers.Fault(new { provider = "stripe", operation = "capture", kind = "http_500" });
        var id = await providers.Authorized();
        Assert.Equal(500, (await providers.Stripe($"payment_intents/{id}/capture")).Status);
        Assert.Equal(200, (await providers.Stripe($"payment_intents/{id}/capture")).Status);
    }

    [Fact]
    public async Task Faults_are_listed_and_cleared()
    {
        Assert.Equal(201, (await providers.Fault(new { provider = "*", kind = "http_500", times = 5 })).Status);
        var listed = (await providers.Json(HttpMethod.Get, "/_sandbox/faults", null, null)).At("faults")[0];
        Assert.Equal(("*", "http_500", 5), (listed.GetProperty("operation").GetString(), listed.GetProperty("kind").GetString(), listed.GetProperty("times").GetInt32()));
        Assert.Equal(204, (await providers.Json(HttpMethod.Delete, "/_sandbox/faults", null, null)).Status);
        Assert.Equal(200, (await providers.Create("pm_card_visa")).Status);
    }

    [Theory]
    [InlineData("""{ "provider": "paypal", "operation": "*", "kind": "slow" }""", "/provider")]
    [InlineData("""{ "provider": "stripe", "operation": "dance", "kind": "slow" }""", "/operation")]
    [InlineData("""{ "provider": "stripe", "operation": "*", "kind": "flood" }""", "/kind")]
    [InlineData("""{ "provider": "stripe", "operation": "*", "kind": "slow", "times": 0 }""", "/times")]
    [InlineData("""{ "provider": "stripe", "operation": "*", "kind": "slow", "delay_ms": -1 }""", "/delay_ms")]
    [InlineData("""{ "provider": "stripe", "operation": "*", "kind": "slow", "after_effect": true }""", "/after_effect")]
    [InlineData("not json", "")]
    public async Task A_fault_that_makes_no_sense_is_refused(string body, string pointer)
    {
        var refused = await providers.Fault(body);
        Assert.Equal((400, "invalid_request"), (refused.Status, refused.Text("code")));
        Assert.Equal(pointer, refused.At("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_calls_that_are_never_answered()
    {
        await providers.Fault(new { provider = "stripe", kind = "timeout_before" });
        var unanswered = providers.Create("pm_card_visa");
        while (!(await providers.Ledger()).GetProperty("calls").TryGetProperty("stripe.create", out _))
            await Task.Yield();
        var stopping = providers.DisposeAsync().AsTask();
        await Assert.ThrowsAnyAsync<Exception>(() => unanswered);
        await stopping;
        providers = await Providers.Start();
    }
}
