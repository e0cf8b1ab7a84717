using System.Text.Json.Serialization;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Reconciliation;

/// <summary>One thing that doesn't add up, or has been at one step for too long.</summary>
/// <param name="Problem">What is wrong, in a sentence.</param>
/// <param name="Since">Since when, as far as anybody can tell.</param>
public sealed record Finding([property: JsonIgnore] FindingKind Kind, string Problem, DateTimeOffset Since)
{
    public string? CheckoutId { get; init; }

    public string? OrderId { get; init; }

    public string? PaymentId { get; init; }

    public string? RefundId { get; init; }

    /// <summary>The stock's hold.</summary>
    public string? HoldKey { get; init; }

    /// <summary>In minor units of <see cref="Currency"/>.</summary>
    public long? Amount { get; init; }

    public string? Currency { get; init; }

    /// <summary>What was or will be done about it; null: nothing.</summary>
    public string? Deed { get; init; }

    /// <summary>Why it is only reported, or why the deed failed.</summary>
    public string? WhyNot { get; init; }

    /// <summary>Whether it was put right; null where somebody only looked.</summary>
    public bool? Healed { get; init; }
}

public enum FindingKind
{
    /// <summary>Money is held, or about to be, and no order rests on it.</summary>
    OrphanAuthorization,
    CaptureWithoutOrder,
    OrderWithoutCapture,
    StaleHold,
    StuckCheckout,
    StuckRefund,
}

/// <summary>A live payment of a checkout that isn't ours: the account is shared with another shop or environment. Never touched.</summary>
public sealed record ForeignPayment(string PaymentId, string? Reference, string State, long Amount, string Currency, DateTimeOffset Since)
{
    internal static ForeignPayment Of(ListedPayment listed) => new(
        listed.Payment.Id, listed.Payment.Reference, listed.Payment.State.ToString(), listed.Payment.Amount, listed.Payment.Currency, listed.CreatedAt);
}

/// <summary>What a look found.</summary>
public sealed record ReconciliationReport(DateTimeOffset AsOf)
{
    /// <summary>Parts that could not be looked at, and why; the rest was.</summary>
    public IReadOnlyList<string> Unavailable { get; init; } = [];

    /// <summary>False: there was more than one look takes on; the oldest was left out.</summary>
    public bool Complete { get; init; } = true;

    public IReadOnlyList<Finding> OrphanAuthorizations { get; init; } = [];

    public IReadOnlyList<Finding> CapturesWithoutOrder { get; init; } = [];

    public IReadOnlyList<Finding> OrdersWithoutCapture { get; init; } = [];

    public IReadOnlyList<Finding> StaleHolds { get; init; } = [];

    public IReadOnlyList<Finding> StuckCheckouts { get; init; } = [];

    public IReadOnlyList<Finding> StuckRefunds { get; init; } = [];

    /// <summary>How many there are, and the newest of them.</summary>
    public int PaymentsOfOthersCount { get; init; }

    public IReadOnlyList<ForeignPayment> PaymentsOfOthers { get; init; } = [];

    [JsonIgnore]
    public IEnumerable<Finding> All =>
        OrphanAuthorizations.Concat(CapturesWithoutOrder).Concat(OrdersWithoutCapture).Concat(StaleHolds).Concat(StuckCheckouts).Concat(StuckRefunds);
}
