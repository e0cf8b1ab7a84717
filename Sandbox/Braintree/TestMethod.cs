namespace Sandbox.Braintree;

/// <summary>A test payment method, and what becomes of an authorization with it.</summary>
/// <param name="Response">The processor's response code; 1000 pays, 2xxx declines, 3xxx fails.</param>
/// <param name="Rejection">The gateway's own reason to reject.</param>
/// <param name="Returns">Its bank returns what is refunded to it.</param>
/// <param name="Once">A second authorization with it is refused, as with every real single-use payment method. Braintree's fixed test nonces can be used again.</param>
internal sealed record TestMethod(string Token, string Brand, string Response = "1000", string? Rejection = null, bool Once = false, bool IsVaulted = false, bool Returns = false)
{
    public const string Consumed = "fake-consumed-nonce";
    public const string BadNumber = "fake-luhn-invalid-nonce";

    /// <summary>A vaulted card: it may be used over and over.</summary>
    public const string Vaulted = "cGF5bWVudG1ldGhvZF9jY19zYW5kYm94";

    private const string Unique = "tokencc_sandbox_";

    public string Usage => IsVaulted ? "MULTI_USE" : "SINGLE_USE";

    /// <summary>Null: not a payment method.</summary>
    public static TestMethod? Find(string token) => token switch
    {
        Vaulted => new(token, "VISA", IsVaulted: true),
        Consumed or BadNumber => new(token, "VISA"),
        "fake-valid-nonce" => new(token, "VISA"),
        "fake-processor-failure-jcb-nonce" => new(token, "JCB", "3000"),
        "fake-gateway-rejected-fraud-nonce" => new(token, "VISA", Rejection: "FRAUD"),
        "fake-gateway-rejected-risk-thresholds-nonce" => new(token, "VISA", Rejection: "RISK_THRESHOLD"),
        "fake-three-d-secure-visa-full-authentication-nonce" => new(token, "VISA"),
        _ when token.StartsWith("fake-valid-", StringComparison.Ordinal) => BrandIn(token, "fake-valid-") is { } brand ? new(token, brand) : null,
        _ when token.StartsWith("fake-processor-declined-", StringComparison.Ordinal) => BrandIn(token, "fake-processor-declined-") is { } brand ? new(token, brand, "2000") : null,
        _ when token.StartsWith(Unique, StringComparison.Ordinal) => OfKind(token, token[Unique.Length..].Split('_')),
        _ => null,
    };

    private static TestMethod? OfKind(string token, string[] parts) => parts is not [var kind, { Length: > 0 }] ? null
        : kind == "valid" ? new(token, "VISA", Once: true)
        : kind == "refundfail" ? new(token, "VISA", Once: true, Returns: true)
        : kind == "3ds" ? new(token, "VISA", Rejection: "THREE_D_SECURE", Once: true)
        : kind is ['2' or '3', _, _, _] && kind.All(char.IsAsciiDigit) ? new(token, "VISA", kind, Once: true)
        : null;

    private static string? BrandIn(string token, string prefix) => token[prefix.Length..] switch
    {
        "visa-nonce" => "VISA",
        "mastercard-nonce" => "MASTERCARD",
        "amex-nonce" => "AMERICAN_EXPRESS",
        "discover-nonce" => "DISCOVER",
        "jcb-nonce" => "JCB",
        _ => null,
    };
}
