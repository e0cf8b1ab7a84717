using System.Net;
using System.Text;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Payments;

public sealed class StripeGatewayTests : PaymentActionContract
{
    private FakeStripeProvider Fake => (FakeStripeProvider)Provider;

    [Fact]
    public async Task A_create_sends_what_Stripe_needs_and_does_not_confirm()
    {
        var id = await Create();

        var sent = Assert.Single(Fake.Stripe.Requests);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["amount"] = "4100",
                ["currency"] = "usd",
                ["payment_method"] = "pm_card_visa",
                ["capture_method"] = "manual",
                ["automatic_payment_methods[enabled]"] = "true",
                ["automatic_payment_methods[allow_redirects]"] = "never",
                ["metadata[checkout_id]"] = "chk_1",
                ["metadata[key]"] = "chk_1:1:create",
            },
            sent.Form);
        Assert.Equal("http://127.0.0.1:1/stripe/v1/payment_intents", sent.Uri.AbsoluteUri);
        Assert.Equal("chk_1:1:create", sent.Key);
        Assert.Equal("Bearer sk_test_fake", sent.Headers["Authorization"]);
        Assert.False(string.IsNullOrEmpty(sent.Headers["Stripe-Version"]));
        Assert.Equal(id, (string?)Fake.Stripe[id]["id"]);
    }

    [Fact]
    public async Task Every_call_that_changes_something_carries_our_key()
    {
        await Void(await PaymentIn(PaymentState.Captured));

        var posts = Fake.Stripe.Requests.Where(request => request.Method == HttpMethod.Post).Select(request => (request.Operation, request.Key));
        Assert.Equal(
            [
                (ProviderOperations.Create, "chk_1:1:create"),
                (ProviderOperations.Confirm, "chk_1:1:authorize"),
                (ProviderOperations.Capture, "chk_1:1:capture"),
                (ProviderOperations.Refund, "chk_1:1:void:refund:4100"),
            ],
            posts);
    }

    [Fact]
    public async Task The_paid_path_is_three_calls()
    {
        await PaymentIn(PaymentState.Captured);

        Assert.Equal([ProviderOperations.Create, ProviderOperations.Confirm, ProviderOperations.Capture], Fake.Stripe.Requests.Select(request => request.Operation));
    }

    [Fact]
    public async Task A_refund_is_not_posted_again_after_Stripe_forgot_its_key()
    {
        var id = await PaymentIn(PaymentState.Captured);
        await Provider.Fail(ProviderOperations.Refund, Fault.Http500After);
        await Provider.Fail(ProviderOperations.Retrieve, Fault.Http429);
        await Record.ExceptionAsync(() => Refund(id, 1000));
        Provider.Pass(TimeSpan.FromHours(25));

        Assert.Equal(PaymentRefundState.Succeeded, (await Refund(id, 1000)).State);
        Assert.Equal(1000, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Fact]
    public async Task A_refund_that_fails_days_later_says_so_and_goes_through_under_a_new_key()
    {
        var id = await PaymentIn(PaymentState.Captured);
        await Refund(id, 1000);
        Fake.Stripe.FailLastRefund();

        var failed = await Gateway.FindRefund(new("ref_1:1:refund", id), default);

        Assert.Equal((PaymentRefundState.Failed, "lost_or_stolen_card"), (failed.State, failed.Reason));
        Assert.Equal(failed, await Refund(id, 1000));
        Assert.Equal(PaymentRefundState.Succeeded, (await Refund(id, 1000, "ref_1:2:refund")).State);
        Assert.Equal(1000, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Fact]
    public async Task A_day_old_creation_is_not_posted_and_not_guessed()
    {
        var since = Provider.Now;
        await Provider.Fail(ProviderOperations.Create, Fault.Http500After);
        await Assert.ThrowsAsync<ProviderException>(() => Create());
        Provider.Pass(TimeSpan.FromHours(25));

        await Assert.ThrowsAsync<ProviderException>(() => Gateway.Create(new("chk_1:1:create", "chk_1", new(4100, "USD"), "pm_card_visa", since), default));

        Assert.Single(Fake.Stripe.Requests);
    }

    [Fact]
    public async Task A_request_that_is_fresh_or_of_unknown_age_is_posted_without_asking()
    {
        var since = Provider.Now;
        Provider.Pass(TimeSpan.FromHours(22));
        var id = (await Gateway.Create(new("chk_1:1:create", "chk_1", new(4100, "USD"), "pm_card_visa", since), default)).PaymentId!;
        await Gateway.Authorize(new("chk_1:1:authorize", id, since), default);

        Assert.Equal(PaymentState.Captured, (await Capture(id)).State);
        Assert.DoesNotContain(Fake.Stripe.Requests, request => request.Operation == ProviderOperations.Retrieve);
    }

    [Fact]
    public async Task Money_given_back_that_bounces_goes_back_again_only_when_somebody_says_so()
    {
        var id = await PaymentIn(PaymentState.Captured);
        Assert.Equal(PaymentState.Refunded, (await Void(id)).State);
        Fake.Stripe.FailLastRefund();

        Assert.Equal(PaymentState.Captured, (await Gateway.Retrieve(id, default)).State);
        Assert.Contains("lost_or_stolen_card", (await Assert.ThrowsAsync<ProviderException>(() => Void(id))).Message, StringComparison.Ordinal);
        Provider.Pass(TimeSpan.FromHours(25));
        await Assert.ThrowsAsync<ProviderException>(() => Void(id));
        Assert.Equal(0, (await Gateway.Retrieve(id, default)).Refunded);

        Assert.Equal(PaymentState.Refunded, (await Gateway.Void(new("chk_1:1:void", id, Again: 1), default)).State);
        Assert.Equal(PaymentState.Refunded, (await Gateway.Void(new("chk_1:1:void", id, Again: 1), default)).State);
        Assert.Equal(4100, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Fact]
    public async Task A_capture_in_the_works_is_asked_again_until_it_is_decided()
    {
        var id = await PaymentIn(PaymentState.Authorized);
        Fake.Stripe[id]["status"] = "processing";
        await Assert.ThrowsAsync<ProviderException>(() => Capture(id));

        Fake.Stripe[id]["status"] = "succeeded";
        Fake.Stripe[id]["amount_received"] = 4100;
        Assert.Equal((PaymentState.Captured, 4100), await Capture(id) is var payment ? (payment.State, payment.Captured) : default);
    }

    [Fact]
    public async Task A_wrong_key_is_a_fault()
    {
        var gateway = Fake.App(Fake.Stripe, "sk_test_wrong");

        var fault = await Assert.ThrowsAsync<ProviderException>(() => gateway.Create(new("chk_1:1:create", "chk_1", new(4100, "USD"), "pm_card_visa"), default));
        Assert.DoesNotContain("sk_test_wrong", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ProviderException>(() => gateway.Void(new("chk_1:1:void", "pi_1"), default));
    }

    [Fact]
    public async Task The_sdk_does_not_retry()
    {
        var conflict = new Always(409, """{ "error": { "type": "idempotency_error", "code": "idempotency_key_in_use" } }""");

        await Assert.ThrowsAsync<ProviderException>(() => Fake.App(conflict, FakeStripe.ApiKey).Retrieve("pi_1", default));
        Assert.Equal(1, conflict.Calls);
    }

    [Fact]
    public async Task A_saved_500_is_asked_once_more_under_a_key_of_its_own()
    {
        var id = await PaymentIn(PaymentState.Authorized);
        await Provider.Fail(ProviderOperations.Capture, Fault.SavedHttp500);
        await Assert.ThrowsAsync<ProviderException>(() => Capture(id));

        Assert.Equal(PaymentState.Captured, (await Capture(id)).State);
        var keys = Fake.Stripe.Requests.Where(request => request.Operation == ProviderOperations.Capture).Select(request => request.Key!);
        Assert.Equal(["chk_1:1:capture", "chk_1:1:capture", "chk_1:1:capture:req_2"], keys);
    }

    [Fact]
    public async Task A_creation_that_the_provider_gave_up_stays_a_fault_under_its_key()
    {
        await Provider.Fail(ProviderOperations.Create, Fault.SavedHttp500);

        await Assert.ThrowsAsync<ProviderException>(() => Create());
        await Assert.ThrowsAsync<ProviderException>(() => Create());
        Assert.NotNull(await Create(key: "chk_1:2:create"));
    }

    [Fact]
    public async Task A_payment_in_the_works_can_not_be_voided_yet_but_later()
    {
        var id = await PaymentIn(PaymentState.Authorized);
        Fake.Stripe[id]["status"] = "processing";
        Assert.Equal(PaymentState.Processing, (await Gateway.Retrieve(id, default)).State);
        await Assert.ThrowsAsync<ProviderException>(() => Void(id));

        Fake.Stripe[id]["status"] = "requires_capture";
        Assert.Equal(PaymentState.Voided, (await Void(id)).State);
    }

    [Theory]
    [InlineData(200, """{ }""")]
    [InlineData(200, """null""")]
    [InlineData(200, """[]""")]
    [InlineData(200, """{ "id": "pi_1", "status": "requires_capture" }""")]
    [InlineData(200, """{ "id": "pi_1", "currency": "usd", "status": "of_a_later_version" }""")]
    [InlineData(200, """{ "id": 7, "currency": "usd", "status": "succeeded" }""")]
    [InlineData(200, "<html>")]
    [InlineData(400, "<html>")]
    [InlineData(400, """[]""")]
    [InlineData(400, """{ "error": "no" }""")]
    [InlineData(400, """{ "error": { "type": "idempotency_error", "message": "Other parameters." } }""")]
    [InlineData(404, """{ "error": { "type": "invalid_request_error", "message": "Unrecognized request URL." } }""")]
    [InlineData(409, """{ "error": { "type": "idempotency_error", "code": "idempotency_key_in_use" } }""")]
    [InlineData(302, "")]
    public async Task An_answer_that_tells_nothing_is_a_fault_in_every_operation(int status, string body)
    {
        var gateway = Fake.App(new Always(status, body), FakeStripe.ApiKey);

        await Assert.ThrowsAsync<ProviderException>(() => gateway.Retrieve("pi_1", default));
        await Assert.ThrowsAsync<ProviderException>(() => gateway.Authorize(new("k", "pi_1"), default));
        await Assert.ThrowsAsync<ProviderException>(() => gateway.Capture(new("k", "pi_1", new(100, "USD")), default));
        await Assert.ThrowsAsync<ProviderException>(() => gateway.Void(new("k", "pi_1"), default));
        await Assert.ThrowsAsync<ProviderException>(() => gateway.Refund(new("k", "pi_1", new(100, "USD")), default));
    }

    [Fact]
    public async Task A_fault_does_not_repeat_what_Stripe_wrote()
    {
        var gateway = Fake.App(new Always(409, """{ "error": { "type": "idempotency_error", "message": "ada@example.com" } }"""), FakeStripe.ApiKey);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => gateway.Retrieve("pi_1", default));
        Assert.Equal("Stripe retrieve: answered 409 idempotency_error.", fault.Message);
        Assert.Null(fault.InnerException);
    }

    protected override Task<PaymentProvider> Start() => Task.FromResult<PaymentProvider>(new FakeStripeProvider());

    private sealed class Always(int status, string body) : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
