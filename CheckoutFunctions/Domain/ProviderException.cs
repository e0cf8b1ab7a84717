namespace CheckoutFunctions.Domain;

/// <summary>
/// A provider didn't answer, or answered something that can't be used: time-out, 429, 5xx, a broken body, an open circuit.
/// Whether the call took effect is unknown. A provider's "no" is a value, never this.
/// </summary>
public sealed class ProviderException(string provider, string operation, string message, Exception? inner = null)
    : Exception($"{provider} {operation}: {message}", inner)
{
    public string Provider { get; } = provider;

    public string Operation { get; } = operation;
}
