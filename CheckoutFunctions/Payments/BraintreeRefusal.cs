using CheckoutFunctions.Domain;
using Polly.CircuitBreaker;

namespace CheckoutFunctions.Payments;

/// <summary>Braintree answered with errors and did nothing. Its sentences stay out: they echo what was sent.</summary>
internal sealed class BraintreeRefusal(string operation, string errorClass, string? code) : Exception($"{operation}: {errorClass} {code}".TrimEnd())
{
    /// <summary>Cannot refund a transaction unless it is settled; or while it settles.</summary>
    private static readonly string[] Unsettled = ["91506", "91574"];

    /// <summary>A single-use payment method was used before, is being used, or is unknown by now.</summary>
    private static readonly string[] Used = ["91564", "91565", "91566"];

    public string Code => code ?? errorClass.ToLowerInvariant();

    public bool IsNotFound => errorClass == "NOT_FOUND";

    public bool IsUnsettled => Unsettled.Contains(code);

    public bool IsUsed => Used.Contains(code);

    /// <summary>The request itself was refused; anything else is a fault, though one without effect.</summary>
    public bool IsNo => errorClass is "VALIDATION" or "NOT_FOUND";

    public ProviderException ToFault() => new(BraintreeGateway.ProviderName, operation, $"answered {errorClass} {code}".TrimEnd() + ".", this);

    /// <summary>Whether the fault is one after which nothing can have happened: refused, or never sent.</summary>
    public static bool HadNoEffect(ProviderException fault) => fault.InnerException
        is BraintreeRefusal
        or BrokenCircuitException
        or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError };
}
