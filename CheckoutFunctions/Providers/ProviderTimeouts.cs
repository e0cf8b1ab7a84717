namespace CheckoutFunctions.Providers;

/// <summary>
/// How long one attempt at an operation may take where no setting says otherwise, its answer's body included. Tight only where there is something
/// to fall back on; the README's table says what.
/// </summary>
internal static class ProviderTimeouts
{
    public static IReadOnlyDictionary<string, double> Seconds { get; } = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase)
    {
        [ProviderOperations.Verify] = 2,
        [ProviderOperations.Rates] = 2,
        [ProviderOperations.Quote] = 2,
        [ProviderOperations.Create] = 2,
        [ProviderOperations.Confirm] = 8,
        [ProviderOperations.Capture] = 3,
        [ProviderOperations.Cancel] = 3,
        [ProviderOperations.Retrieve] = 3,
        [ProviderOperations.Refund] = 8,
        [ProviderOperations.Record] = 8,
        [ProviderOperations.Search] = 8,
    };
}
