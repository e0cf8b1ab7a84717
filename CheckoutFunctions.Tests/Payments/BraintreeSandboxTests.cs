namespace CheckoutFunctions.Tests.Payments;

/// <summary>The whole contract over real HTTP: what the sandbox answers is what the gateway takes for Braintree.</summary>
public sealed class BraintreeSandboxTests : PaymentFaultContract
{
    protected override Task<PaymentProvider> Start() => SandboxBraintreeProvider.Start();
}
