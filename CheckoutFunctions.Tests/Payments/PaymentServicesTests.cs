using CheckoutFunctions.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Payments;

public sealed class PaymentServicesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Stripe")]
    public void Stripe_is_the_gateway_unless_another_is_named(string? provider)
    {
        using var app = Add(provider, "http://127.0.0.1:7072/stripe", null).BuildServiceProvider();

        Assert.Equal("Stripe", app.GetRequiredService<IPaymentGateway>().Name);
    }

    [Fact]
    public void An_unknown_provider_stops_the_start_with_the_settings_name()
    {
        var stopped = Assert.Throws<InvalidOperationException>(() => Add("PayPal", null, "sk_test_1"));

        Assert.Equal("The setting Payments__Provider names the unknown provider 'PayPal'; known: Stripe, Braintree.", stopped.Message);
    }

    [Fact]
    public void A_missing_key_stops_the_start_with_the_settings_name()
    {
        var stopped = Assert.Throws<InvalidOperationException>(() => Add("Stripe", null, null));

        Assert.Contains("Stripe__ApiKey", stopped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "PublicKey")]
    [InlineData(null, "private", "PublicKey")]
    [InlineData("public", null, "PrivateKey")]
    [InlineData("public", "@Microsoft.KeyVault(SecretUri=x)", "PrivateKey")]
    [InlineData("pub:lic", "private", "PublicKey")]
    public void Braintrees_keys_are_both_needed_and_a_bad_one_stops_the_start_with_its_name(string? publicKey, string? privateKey, string setting)
    {
        var stopped = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddPayments(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Payments:Provider"] = "Braintree",
                ["Braintree:PublicKey"] = publicKey,
                ["Braintree:PrivateKey"] = privateKey,
            }).Build()));

        Assert.StartsWith($"The setting Braintree__{setting} ", stopped.Message, StringComparison.Ordinal);
    }

    private static IServiceCollection Add(string? provider, string? baseUrl, string? apiKey) => new ServiceCollection().AddPayments(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Payments:Provider"] = provider,
            ["Stripe:BaseUrl"] = baseUrl,
            ["Stripe:ApiKey"] = apiKey,
        }).Build());
}
