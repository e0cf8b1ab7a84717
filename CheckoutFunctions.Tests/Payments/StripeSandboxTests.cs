namespace CheckoutFunctions.Tests.Payments;

/// <summary>The whole contract over real HTTP: what the sandbox answers is what the gateway takes for Stripe.</summary>
public sealed class StripeSandboxTests : PaymentActionContract
{
    [Fact]
    public async Task The_page_for_the_action_comes_with_it_and_its_secret()
    {
        var payment = await Authorize(await Create(Provider.ActionToken));

        Assert.EndsWith($"/stripe/3ds/{payment.Id}", payment.Action!.Url, StringComparison.Ordinal);
        Assert.StartsWith($"{payment.Id}_secret_", payment.Action.ClientSecret, StringComparison.Ordinal);
    }

    protected override Task<PaymentProvider> Start() => SandboxStripeProvider.Start();
}
