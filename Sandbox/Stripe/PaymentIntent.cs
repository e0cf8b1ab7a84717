using System.Text.Json.Serialization;

namespace Sandbox.Stripe;

/// <summary>A payment intent as the sandbox remembers it; <see cref="StripeJson"/> shows it as Stripe does. Amounts in minor units.</summary>
internal sealed record PaymentIntent
{
    public const string RequiresPaymentMethod = "requires_payment_method";
    public const string RequiresConfirmation = "requires_confirmation";
    public const string RequiresAction = "requires_action";
    public const string RequiresCapture = "requires_capture";
    public const string Succeeded = "succeeded";
    public const string Canceled = "canceled";

    public required string Id { get; init; }
    public required string ClientSecret { get; init; }
    public required long Created { get; init; }
    public required long Amount { get; init; }

    /// <summary>Lower case, as Stripe has it.</summary>
    public required string Currency { get; init; }

    public string CaptureMethod { get; init; } = "automatic_async";
    public string Status { get; init; } = RequiresPaymentMethod;
    public PaymentMethod? Method { get; init; }
    public string? ReturnUrl { get; init; }

    /// <summary>Where the buyer goes while <see cref="Status"/> is requires_action.</summary>
    public string? ActionUrl { get; init; }

    public LastError? LastError { get; init; }
    public Charge? Charge { get; init; }
    public long Capturable { get; init; }
    public long Received { get; init; }
    public long Refunded { get; init; }
    public long? CanceledAt { get; init; }
    public string? CancellationReason { get; init; }
    public Dictionary<string, string> Metadata { get; init; } = [];
    public string? Customer { get; init; }
    public string? Description { get; init; }
    public string? ReceiptEmail { get; init; }
    public string? StatementDescriptorSuffix { get; init; }
    public Dictionary<string, string> Shipping { get; init; } = [];
    public List<string> MethodTypes { get; init; } = ["card"];
    public AutomaticMethods? Automatic { get; init; }

    /// <summary>Confirmed at least once: the ledger lists it.</summary>
    public bool Attempted { get; init; }

    [JsonIgnore]
    public bool Manual => CaptureMethod == "manual";
}

/// <summary>A card as attached to an intent: the id that Stripe makes up, and the test token that it stands for.</summary>
internal sealed record PaymentMethod(string Id, string Token, long Created)
{
    [JsonIgnore]
    public TestCard Card => TestCard.Find(Token)!;
}

/// <summary>One attempt at the card network.</summary>
internal sealed record Charge(string Id, long Created, bool Paid, Decline? Decline, string MethodId);

internal sealed record LastError(Decline Decline, PaymentMethod Method, string? ChargeId);

internal sealed record AutomaticMethods(bool Enabled, string AllowRedirects);

internal sealed record Refund(string Id, long Created, long Amount, string Currency, string PaymentIntent, string Charge, string? Reason, Dictionary<string, string> Metadata)
{
    public const string Pending = "pending";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";

    /// <summary>After so long a refund to a card that is slow, or that turns refunds down, gets its last state.</summary>
    public const int SecondsUntilDecided = 5;

    public string Status { get; init; } = Succeeded;

    public bool Decided { get; init; }
}
