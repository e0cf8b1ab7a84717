using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Tests.Sandbox;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The gateway over HTTP to the sandbox's Braintree.</summary>
internal sealed class SandboxBraintreeProvider : PaymentProvider
{
    private readonly BraintreeApps apps;
    private readonly Sandbox.Providers sandbox;
    private readonly AheadTime sandboxTime;
    private IPaymentGateway gateway = null!;

    private SandboxBraintreeProvider(Sandbox.Providers sandbox, AheadTime sandboxTime)
    {
        (this.sandbox, this.sandboxTime) = (sandbox, sandboxTime);
        apps = new(Time);
        Network = new(Time, CallsOf);
    }

    public ManualTimeProvider Time { get; } = new();

    public BraintreeNetwork Network { get; }

    public BraintreeApps Apps => apps;

    public Sandbox.Providers Sandbox => sandbox;

    public override IPaymentGateway Gateway => gateway;

    public override string GoodToken => "fake-valid-nonce";

    public override string UnknownToken => "pm_card_visa";

    public override Money TooLittle => new(0, "USD");

    // It has no payment before the authorization.
    public override bool ListsUnpaid => false;

    public override DateTimeOffset Now => Time.GetUtcNow();

    public static async Task<PaymentProvider> Start()
    {
        var time = new AheadTime();
        var provider = new SandboxBraintreeProvider(await Tests.Sandbox.Providers.Start(time: time), time);
        // Without keys, as LocalHost starts.
        provider.gateway = await provider.apps.Start(provider.Network, $"{provider.sandbox.Http.BaseAddress}braintree");
        return provider;
    }

    public override string DeclinedToken(string declineCode) => declineCode switch
    {
        "insufficient_funds" => "tokencc_sandbox_2001_a",
        "expired_card" => "tokencc_sandbox_2004_a",
        _ => "tokencc_sandbox_2046_a",
    };

    public override async Task Fail(string operation, Fault fault)
    {
        if (fault is Fault.TimeoutBefore or Fault.TimeoutAfter)
            Network.Hanging = operation;
        var kind = fault switch
        {
            Fault.TimeoutBefore => "timeout_before",
            Fault.TimeoutAfter => "timeout_after",
            Fault.Http429 => "http_429",
            Fault.Malformed => "malformed",
            Fault.ConnectionReset => "connection_reset",
            _ => "http_500",
        };
        var armed = await sandbox.Fault(new { provider = "braintree", operation, kind, after_effect = fault is Fault.Http500After });
        Assert.InRange(armed.Status, 200, 299);
    }

    public override async Task RefundByHand(string paymentId, long amount)
    {
        var found = await sandbox.Braintree(BraintreeCalls.Search, new { input = new { orderId = new { @is = paymentId } } });
        var transactionId = found.At("data.search.transactions.edges")[0].GetProperty("node").GetProperty("id").GetString();
        var refund = await sandbox.Braintree(BraintreeCalls.Refund, new { input = new { transactionId, refund = new { amount = BraintreeClient.Major(new(amount, "USD")) } } });
        Assert.True(refund.Has("data.refundTransaction.refund.id"), refund.Body);
    }

    public override void Pass(TimeSpan span)
    {
        Time.Advance(span);
        sandboxTime.Passed += span;
    }

    public override void WaitOut() => Time.Advance(TimeSpan.FromMinutes(2));

    public override async ValueTask DisposeAsync()
    {
        await apps.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    private async Task<int> CallsOf(string operation) =>
        (await sandbox.Ledger()).GetProperty("calls").TryGetProperty($"braintree.{operation}", out var calls) ? calls.GetInt32() : 0;
}
