namespace CheckoutFunctions.Taxes;

/// <summary>What a quote names as its source: the provider in small letters, or the last known rate.</summary>
internal static class TaxSources
{
    public const string LastKnownRate = "last_known_rate";

    public static string Of(ITaxProvider provider) => provider.Name.ToLowerInvariant();

    public static ITaxProvider Named(this IEnumerable<ITaxProvider> providers, string source, string orderId) =>
        providers.FirstOrDefault(provider => Of(provider) == source)
        ?? throw new InvalidOperationException($"No tax provider '{source}' is configured to record order {orderId}.");
}
