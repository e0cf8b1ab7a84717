using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The gateway over HTTP to the sandbox's Stripe.</summary>
internal sealed class SandboxStripeProvider : PaymentProvider
{
    private readonly ManualTimeProvider time = new();
    private readonly StripeApps apps;
    private readonly Sandbox.Providers sandbox;
    private readonly AheadTime sandboxTime;
    private string? hanging;

    private SandboxStripeProvider(Sandbox.Providers sandbox, AheadTime sandboxTime) => (this.sandbox, this.sandboxTime, apps) = (sandbox, sandboxTime, new(time));

    // Without a key, as LocalHost starts.
    public override IPaymentGateway Gateway => field ??= apps.Start(new Network(this), $"{sandbox.Http.BaseAddress}stripe", apiKey: null);

    public override string GoodToken => "pm_card_visa";

    public override string ActionToken => "pm_card_authenticationRequired";

    public override string UnknownToken => "tok_unknown";

    public static async Task<PaymentProvider> Start()
    {
        var time = new AheadTime();
        return new SandboxStripeProvider(await Sandbox.Providers.Start(time: time), time);
    }

    public override string DeclinedToken(string declineCode) => declineCode switch
    {
        "insufficient_funds" => "pm_card_visa_chargeDeclinedInsufficientFunds",
        "expired_card" => "pm_card_chargeDeclinedExpiredCard",
        _ => "pm_card_visa_chargeDeclined",
    };

    public override async Task Fail(string operation, Fault fault)
    {
        if (fault is Fault.TimeoutBefore or Fault.TimeoutAfter)
            hanging = operation;
        var kind = fault switch
        {
            Fault.TimeoutBefore => "timeout_before",
            Fault.TimeoutAfter => "timeout_after",
            Fault.Http429 => "http_429",
            Fault.Malformed => "malformed",
            Fault.ConnectionReset => "connection_reset",
            _ => "http_500",
        };
        var armed = await sandbox.Fault(new { provider = "stripe", operation, kind, after_effect = fault is Fault.Http500After });
        Assert.InRange(armed.Status, 200, 299);
    }

    public override async Task FinishAction(string paymentId, bool passed)
    {
        using var form = new FormUrlEncodedContent([new("outcome", passed ? "approve" : "fail")]);
        using var finished = await sandbox.Http.PostAsync($"/stripe/3ds/{paymentId}", form);
        finished.EnsureSuccessStatusCode();
    }

    public override async Task RefundByHand(string paymentId, long amount)
    {
        var refund = await sandbox.Stripe("refunds", new Dictionary<string, string> { ["payment_intent"] = paymentId, ["amount"] = $"{amount}" });
        Assert.Equal(200, refund.Status);
    }

    public override DateTimeOffset Now => time.GetUtcNow();

    public override void Pass(TimeSpan span)
    {
        time.Advance(span);
        sandboxTime.Passed += span;
    }

    public override async ValueTask DisposeAsync()
    {
        await apps.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    private async Task<int> CallsOf(string operation) =>
        (await sandbox.Ledger()).GetProperty("calls").TryGetProperty($"stripe.{operation}", out var calls) ? calls.GetInt32() : 0;

    /// <summary>The real network; a call that the sandbox will never answer times out as soon as the sandbox has counted it, effect and all.</summary>
    private sealed class Network(SandboxStripeProvider provider) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var operation = StripeServices.OperationOf(request);
            if (operation != provider.hanging)
                return await base.SendAsync(request, cancellationToken);

            provider.hanging = null;
            var before = await provider.CallsOf(operation);
            var sending = base.SendAsync(request, cancellationToken);
            while (!sending.IsCompleted && await provider.CallsOf(operation) == before)
                await Task.Delay(2, CancellationToken.None);
            provider.time.Advance(TimeSpan.FromSeconds(60));
            return await sending;
        }
    }
}
