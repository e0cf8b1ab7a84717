using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Payments;

internal static class BraintreeServices
{
    private const string Name = BraintreeGateway.ProviderName;

    /// <summary>Braintree asks to wait so long before a missing answer counts as none.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Settings <c>Braintree__PublicKey</c>, <c>Braintree__PrivateKey</c>, <c>Braintree__BaseUrl</c>, and where the shop has an account for each currency
    /// <c>Braintree__MerchantAccounts__{currency}</c>. The keys say which merchant it is.
    /// </summary>
    public static IServiceCollection AddBraintree(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddProviderClient(WithKeys(configuration), Name, "https://payments.braintree-api.com");
        var accounts = configuration.GetSection($"{Name}:MerchantAccounts").GetChildren()
            .Where(account => account.Value is { Length: > 0 })
            .ToDictionary(account => account.Key.ToUpperInvariant(), account => account.Value!, StringComparer.Ordinal);
        return services.AddSingleton<IPaymentGateway>(provider =>
        {
            var clock = provider.GetRequiredService<TimeProvider>();
            var client = new BraintreeClient(provider.GetRequiredKeyedService<ProviderHttp>(Name), accounts);
            var book = new BraintreeBook(provider.GetRequiredService<ShopDatabase>(), clock);
            var refunds = new BraintreeRefunds(client, book, new(client), clock, options.TimeoutOf(ProviderOperations.Refund) + Wait);
            return new BraintreeGateway(client, book, refunds, clock, options.TimeoutOf(ProviderOperations.Confirm) + Wait);
        });
    }

    /// <summary>The key is two at Braintree. At the sandbox any will do.</summary>
    private static IConfiguration WithKeys(IConfiguration configuration)
    {
        var (publicKey, privateKey) = Keys(configuration);
        var isHere = Uri.TryCreate(configuration[$"{Name}:BaseUrl"], UriKind.Absolute, out var url) && url.IsLoopback;
        if (!isHere || publicKey is not null || privateKey is not null)
        {
            _ = publicKey ?? throw Missing("PublicKey");
            _ = privateKey ?? throw Missing("PrivateKey");
        }

        return new ConfigurationBuilder()
            .AddConfiguration(configuration)
            .AddInMemoryCollection(new Dictionary<string, string?> { [$"{Name}:ApiKey"] = $"{publicKey ?? "sandbox"}:{privateKey ?? "sandbox"}" })
            .Build();
    }

    /// <summary>Settings <c>Braintree__PublicKey</c> and <c>Braintree__PrivateKey</c>; null where one isn't set.</summary>
    public static (string? Public, string? Private) Keys(IConfiguration configuration) => (Read(configuration, "PublicKey"), Read(configuration, "PrivateKey"));

    private static string? Read(IConfiguration configuration, string key)
    {
        if (configuration[$"{Name}:{key}"]?.Trim() is not { Length: > 0 } value)
            return null;
        VaultReference.RefuseUnresolved($"{Name}__{key}", value);
        return value.All(c => c is > ' ' and <= '~' and not ':') ? value : throw new InvalidOperationException($"The setting {Name}__{key} holds a character that no key has.");
    }

    private static InvalidOperationException Missing(string key) => new($"The setting {Name}__{key} is missing: {Name} can't be called without it.");
}
