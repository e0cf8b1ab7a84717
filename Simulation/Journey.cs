namespace Simulation;

/// <summary>A buyer's way through one checkout, such that a certain activity is reached where nothing goes wrong. A second payment is with a good card.</summary>
/// <param name="Card">Paid with first.</param>
/// <param name="Discount">A code given before paying; null: none.</param>
/// <param name="IsRefundedLater">An operator gives everything back after some days.</param>
internal sealed record Journey(string Card, string? Discount = null, bool IsRefundedLater = false)
{
    public static Journey Pays { get; } = new(Cards.Good);

    public static Journey UsesADiscount { get; } = new(Cards.Good, "WELCOME10");

    /// <summary>Reserves and authorizes, and has both undone.</summary>
    public static Journey IsDeclinedFirst { get; } = new(Cards.Declined);

    /// <summary>Gets as far as the order, and has it undone.</summary>
    public static Journey CannotBeCapturedFirst { get; } = new(Cards.Lapses);

    public static Journey ConfirmsByThreeDSecure { get; } = new(Cards.ThreeDSecure);

    public static Journey IsRefunded { get; } = new(Cards.Good, IsRefundedLater: true);
}
